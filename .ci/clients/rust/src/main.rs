//! Publishes one reading with the defaults of rumqttc, and says what was wrong.
use rumqttc::{Client, Event, MqttOptions, Packet, QoS};
use std::time::{SystemTime, UNIX_EPOCH};
use std::{env, process};

fn setting(name: &str) -> String {
    env::var(name).expect(name)
}

fn main() {
    let port = setting("MQTT_PORT").parse().expect("a port");
    let mut options = MqttOptions::new("rumqttc", "127.0.0.1", port);
    options.set_credentials("monitor-01", setting("SECRET"));
    let (client, mut connection) = Client::new(options, 10);
    let time = SystemTime::now().duration_since(UNIX_EPOCH).expect("a clock").as_millis();
    let message = format!("{{\"time\":{time},\"vitals\":{{\"heart-rate\":{}}}}}", setting("HEART_RATE"));
    client
        .publish("ward/v1/icu/monitor-01/vitals", QoS::AtLeastOnce, false, message)
        .expect("room for it");
    for event in connection.iter() {
        match event {
            Ok(Event::Incoming(Packet::PubAck(_))) => return,
            Ok(_) => {}
            Err(error) => {
                println!("{error}");
                process::exit(1);
            }
        }
    }
}
