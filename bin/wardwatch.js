#!/usr/bin/env -S node --max-semi-space-size=64
// The door of the command line. It must be readable for any Node since 10, so that an old one is told what is wrong
// instead of stumbling over syntax it does not know; everything newer is behind the version check.
// The larger young space (MiB) is for the station: with the default a sixth of its time under full load was garbage
// collection, with 64 a twentieth. V8 takes it at its start only, so it stands here and in package.json's scripts.

const [major, minor] = process.versions.node.split('.').map(Number);

if (major > 20 || (major === 20 && minor >= 19)) {
  readTypeScript()
    .then(() => import('../cli/program.ts'))
    .then((cli) => cli.run(process.argv.slice(2)))
    .catch((error) => {
      if (!/^Cannot find package/.test(error.message)) throw error;
      giveUp('its packages are not installed: run `npm ci` in its folder');
    });
} else {
  giveUp(`needs Node >= 20.19, this is ${process.versions.node}: install a newer one from https://nodejs.org`);
}

function giveUp(reason) {
  process.stderr.write(`wardwatch: ${reason}\n`);
  process.exitCode = 1;
}

/** Node from 22.18 on reads TypeScript by itself; before that tsx does. */
async function readTypeScript() {
  // tsx, and jiti in node-pg-migrate, cache in the system's temporary folder; nothing is to be left outside of DATA_DIR.
  process.env.TSX_DISABLE_CACHE = '1';
  process.env.JITI_FS_CACHE = 'false';
  if (process.features.typescript) return;
  const tsx = await import('tsx/esm/api');
  tsx.register();
}
