import { type Connection, topicOf, urlOf } from './connection.ts';

/**
 * How common programs publish, filled in for one device. The same recipes stand in docs/connecting.md, where .ci/full
 * tries them; a test holds the two together.
 */

const UNKNOWN_SECRET = 'SECRET';

const secretOf = ({ secret = UNKNOWN_SECRET }: Connection): string => secret;

const mosquitto = (connection: Connection): string =>
  `mosquitto_pub -h ${connection.host} -p ${connection.port} -u ${connection.device} -P ${secretOf(connection)} -q 1 -t ${topicOf(connection)} \\
  -m "{\\"time\\":$(date +%s%3N),\\"vitals\\":{\\"heart-rate\\":72}}"`;

const python = (connection: Connection): string =>
  `import json, time
import paho.mqtt.client as mqtt

client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2)
client.on_connect = lambda client, userdata, flags, reason, properties: print(reason)
client.username_pw_set("${connection.device}", "${secretOf(connection)}")
client.connect("${connection.host}", ${connection.port})
client.loop_start()
message = json.dumps({"time": int(time.time() * 1000), "vitals": {"heart-rate": 72}})
client.publish("${topicOf(connection)}", message, qos=1).wait_for_publish(10)
client.disconnect()`;

const node = (connection: Connection): string =>
  `import mqtt from 'mqtt';

const client = mqtt.connect('${urlOf(connection)}', { username: '${connection.device}', password: '${secretOf(connection)}' });
client.on('error', ({ message }) => console.error(message));
const message = JSON.stringify({ time: Date.now(), vitals: { 'heart-rate': 72 } });
await client.publishAsync('${topicOf(connection)}', message, { qos: 1 });
await client.endAsync();`;

const nodeRed = (connection: Connection): string =>
  `[
  { "id": "flow", "type": "tab", "label": "${connection.device}" },
  { "id": "tick", "type": "inject", "z": "flow", "props": [{ "p": "payload" }], "repeat": "", "once": true, "payload": "", "payloadType": "date", "wires": [["make"]] },
  { "id": "make", "type": "function", "z": "flow", "func": "msg.payload = { time: Date.now(), vitals: { 'heart-rate': 72 } };\\nreturn msg;", "outputs": 1, "wires": [["out"]] },
  { "id": "out", "type": "mqtt out", "z": "flow", "topic": "${topicOf(connection)}", "qos": "1", "retain": "false", "broker": "station", "wires": [] },
  { "id": "station", "type": "mqtt-broker", "broker": "${connection.host}", "port": "${connection.port}", "clientid": "", "autoConnect": true, "protocolVersion": "4", "keepalive": "60", "cleansession": true }
]`;

const telegraf = (connection: Connection): string =>
  `[[outputs.mqtt]]
  servers = ["tcp://${connection.host}:${connection.port}"]
  username = "${connection.device}"
  password = "${secretOf(connection)}"
  topic = "${topicOf(connection)}"
  qos = 1
  data_format = "template"
  template = '{"time":{{.Time.UnixMilli}},"vitals":{"heart-rate":{{.Field "heart_rate"}}}}'`;

const espIdf = (connection: Connection): string =>
  `esp_mqtt_client_config_t config = {
  .broker.address.uri = "${urlOf(connection)}",
  .credentials.username = "${connection.device}",
  .credentials.authentication.password = "${secretOf(connection)}",
};
esp_mqtt_client_handle_t client = esp_mqtt_client_init(&config);
esp_mqtt_client_start(client);
esp_mqtt_client_publish(client, "${topicOf(connection)}", "{\\"vitals\\":{\\"heart-rate\\":72}}", 0, 1, 0);`;

const arduino = (connection: Connection): string =>
  `#include <WiFi.h>
#include <MQTT.h>

WiFiClient network;
MQTTClient station(512);

void setup() {
  Serial.begin(115200);
  WiFi.begin("NETWORK", "PASSPHRASE");
  while (WiFi.status() != WL_CONNECTED) delay(100);
  station.begin("${connection.host}", ${connection.port}, network);
}

void loop() {
  station.loop();
  if (!station.connected() && !station.connect("", "${connection.device}", "${secretOf(connection)}")) {
    Serial.printf("refused with %d: 4 is a bad user name or password, 2 the client id, 3 no room\\n", station.returnCode());
    delay(5000);
    return;
  }
  bool isStored = station.publish("${topicOf(connection)}", "{\\"vitals\\":{\\"heart-rate\\":72}}", false, 1);
  if (!isStored) Serial.println("not acknowledged: it must be sent again");
  delay(1000);
}`;

export type Recipe = { readonly name: string; readonly text: (connection: Connection) => string };

/** The names are those of the programs, in every language. */
export const RECIPES = {
  mosquitto: { name: 'mosquitto_pub', text: mosquitto },
  python: { name: 'Python (paho-mqtt 2)', text: python },
  node: { name: 'Node.js (MQTT.js)', text: node },
  nodeRed: { name: 'Node-RED', text: nodeRed },
  telegraf: { name: 'Telegraf', text: telegraf },
  arduino: { name: 'ESP32 (Arduino, MQTT)', text: arduino },
  espIdf: { name: 'ESP32 (ESP-IDF)', text: espIdf },
} as const satisfies Record<string, Recipe>;

export type RecipeId = keyof typeof RECIPES;
export const RECIPE_IDS = Object.keys(RECIPES) as RecipeId[];
