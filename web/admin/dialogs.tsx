import { AssignDialog, ReleaseDialog } from './assign.tsx';
import { CredentialsDialog } from './credentials.tsx';
import type { Desk, OpenDialog } from './desk.ts';
import { GatewayDialog, RemoveGatewayDialog } from './gateways.tsx';
import { AgeGroupDialog, IntervalDialog } from './proposals.tsx';
import { BedDialog, DeviceDialog, NewSecretDialog, PatientDialog, UnitDialog } from './records.tsx';
import { AdmitDialog, DischargeDialog, TransferDialog } from './stays.tsx';

const OF_A_BED = { transfer: TransferDialog, discharge: DischargeDialog } as const;

/** The dialog that is open. */
export const OpenedDialog = ({ desk, dialog }: { desk: Desk; dialog: OpenDialog }) => {
  if (dialog.kind === 'admit') return <AdmitDialog desk={desk} {...dialog} />;
  if (dialog.kind === 'assign') return <AssignDialog desk={desk} {...dialog} />;
  if (dialog.kind === 'patient') return <PatientDialog desk={desk} {...dialog} />;
  if (dialog.kind === 'secret') return <NewSecretDialog desk={desk} {...dialog} />;
  if (dialog.kind === 'credentials') return <CredentialsDialog desk={desk} {...dialog} />;
  if (dialog.kind === 'device') return <DeviceDialog desk={desk} {...dialog} />;
  if (dialog.kind === 'gateway') return <GatewayDialog desk={desk} {...dialog} />;
  if (dialog.kind === 'remove-gateway') return <RemoveGatewayDialog desk={desk} {...dialog} />;
  if (dialog.kind === 'age-group') return <AgeGroupDialog desk={desk} {...dialog} />;
  if (dialog.kind === 'interval') return <IntervalDialog desk={desk} {...dialog} />;
  if (dialog.kind === 'unit') return <UnitDialog desk={desk} {...dialog} />;
  if (dialog.kind === 'bed') return <BedDialog desk={desk} {...dialog} />;
  if (dialog.kind === 'release') return <ReleaseDialog desk={desk} {...dialog} />;
  const row = desk.overview.beds.find(({ bed }) => bed.id === dialog.bed);
  const BedStayDialog = OF_A_BED[dialog.kind];
  return row ? <BedStayDialog desk={desk} row={row} /> : null;
};
