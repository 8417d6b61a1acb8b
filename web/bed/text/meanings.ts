import type { ConditionId } from '#domain/alarms/conditions.ts';
import type { Language } from '../../shell/text/language.ts';

/** What each condition means, and what it asks for; apart from the other words, since other pages need those. */
const MEANINGS: Readonly<Record<Language, Readonly<Record<ConditionId, string>>>> = {
  en: {
    'low-limit': 'A value below its limit for longer than its delay.',
    'rapid-change': 'A value that moved by more than the set amount within the set time.',
    'high-limit': 'A value above its limit for longer than its delay.',
    'extreme-bradycardia': 'The heart is so slow that it may not support life.',
    'extreme-tachycardia': 'The heart is so fast that it may not support life.',
    'extreme-hypotension': 'Arterial pressure as low as in an arrest: check patient and pulse, then the line.',
    desaturation: 'Oxygen saturation is dangerously low.',
    'no-beats': 'No beat has been measured since the device was connected: check the patient, then the leads.',
    'no-signs': 'Neither beats nor pulse nor breaths are measured: check the patient at once.',
    asystole: 'No beats are measured. Where a pulse goes on, a lead may be off: check the patient, then the leads.',
    apnoea: 'No breaths are measured.',
    'no-pulse':
      'The ECG goes on, and neither the arterial line nor the oximeter finds a pulse: check the patient at once, then the line.',
    'sensor-off': 'The device reports no value: a sensor or lead is off. Without it nothing of this vital can alarm.',
    'signal-poor': 'The device does not trust its values: check the sensor.',
    'no-data': 'A value that was there no longer comes, while others do.',
    'device-silent': 'The device is connected and sends nothing: what it measures is not watched from here.',
    'device-offline': 'The device has lost its connection: what it measures is not watched from here.',
    'not-monitored':
      'No data that could alarm comes from this bed: nobody is told of a crisis from here. Watch at the bedside.',
    'device-unheard': 'A device was put at this bed, and no live value of it has come. Other devices are heard.',
    'battery-low': 'The battery of the device is nearly empty.',
    'clock-off': 'The clock of the device is wrong: times in the record are wrong, and its data may count as late.',
    'desaturation-burden':
      'Saturation was below its limit so far and so often that it counts, though no single time lasted for the delay.',
    'sources-disagree':
      'Two devices at this bed measure it, and one of them must be wrong: compare both with the patient.',
    'values-frozen':
      'The device goes on sending, and none of its values has changed for minutes: what is shown may be old.',
    'gateway-lost': 'A gateway is gone: the beds whose devices come through it are not watched from here.',
    'sequence-gap': 'Messages of the device are missing from the record.',
    'journal-filling': 'The station cannot store what comes, and keeps it on its own disk, which is filling.',
    'database-away': 'The database does not answer. Live values and alarms go on.',
  },
  zh: {
    'low-limit': '数值低于下限的时间超过延迟。',
    'rapid-change': '数值在设定时间内的变化超过设定幅度。',
    'high-limit': '数值高于上限的时间超过延迟。',
    'extreme-bradycardia': '心率过慢，可能危及生命。',
    'extreme-tachycardia': '心率过快，可能危及生命。',
    'extreme-hypotension': '动脉压低至如同心脏骤停：请先查看患者和脉搏，再检查管路。',
    desaturation: '血氧饱和度低至危险水平。',
    'no-beats': '设备接入后未测到心搏：请先查看患者，再检查导联。',
    'no-signs': '未测到心搏、脉搏或呼吸：请立即查看患者。',
    asystole: '未测到心搏。若脉搏仍在，可能导联脱落：请先查看患者，再检查导联。',
    apnoea: '未测到呼吸。',
    'no-pulse': '心电图仍在，但动脉压和血氧均未测到脉搏：请立即查看患者，再检查管路。',
    'sensor-off': '设备未报告数值：传感器或导联脱落。此参数在此期间不会报警。',
    'signal-poor': '设备认为数值不可信：请检查传感器。',
    'no-data': '此前有的数值不再传来，其他数值仍在。',
    'device-silent': '设备已连接但未发送数据：其测量项目在此处无法监护。',
    'device-offline': '设备连接已断开：其测量项目在此处无法监护。',
    'not-monitored': '此床没有可用于报警的数据：此处不会提示危急情况。请在床旁看护。',
    'device-unheard': '该设备已分配到此床，但尚未收到其实时数值。其他设备有数据。',
    'battery-low': '设备电池即将耗尽。',
    'clock-off': '设备时钟不准：记录中的时间有误，其数据可能被视为延迟。',
    'desaturation-burden': '血氧饱和度反复低于下限，累计的幅度和时间已超过设定值，但每次均未达到延迟时间。',
    'sources-disagree': '此床两台设备测得的数值相差过大，其中一台有误：请对照患者检查两台设备。',
    'values-frozen': '设备仍在发送，但数分钟内所有数值均未变化：显示的可能是旧值。',
    'gateway-lost': '网关已断开：经其接入的床位无法在此处监护。',
    'sequence-gap': '记录中缺少该设备的部分消息。',
    'journal-filling': '监护站无法存储收到的数据，暂存于自身磁盘，磁盘将满。',
    'database-away': '数据库无响应。实时数据和报警不受影响。',
  },
};

export const meaningOf = (condition: ConditionId, language: Language): string => MEANINGS[language][condition];
