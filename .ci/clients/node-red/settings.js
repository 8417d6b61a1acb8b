/** Node-RED without an editor, with the credentials of its flow as plain text. */
module.exports = {
  credentialSecret: false,
  flowFile: 'flows.json',
  httpAdminRoot: false,
  httpNodeRoot: false,
  uiHost: '127.0.0.1',
};
