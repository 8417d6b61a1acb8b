import org.eclipse.paho.client.mqttv3.MqttClient;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;

/** Publishes one reading with the defaults of paho for Java, and says what was wrong. */
public class Publish {
  public static void main(String[] args) throws Exception {
    String url = "tcp://127.0.0.1:" + System.getenv("MQTT_PORT");
    MqttClient client = new MqttClient(url, MqttClient.generateClientId(), new MemoryPersistence());
    MqttConnectOptions options = new MqttConnectOptions();
    options.setUserName("monitor-01");
    options.setPassword(System.getenv("SECRET").toCharArray());
    String vitals = "{\"heart-rate\":" + System.getenv("HEART_RATE") + "}";
    String message = "{\"time\":" + System.currentTimeMillis() + ",\"vitals\":" + vitals + "}";
    try {
      client.connect(options);
      client.publish("ward/v1/icu/monitor-01/vitals", message.getBytes("UTF-8"), 1, false);
      client.disconnect();
      System.exit(0);
    } catch (MqttException error) {
      System.out.println(error);
      System.exit(1);
    }
  }
}
