// Publishes one reading with the defaults of paho for Go, and says what was wrong.
package main

import (
	"fmt"
	"os"
	"time"

	mqtt "github.com/eclipse/paho.mqtt.golang"
)

func wait(token mqtt.Token) {
	if !token.WaitTimeout(8 * time.Second) {
		fmt.Println("no answer")
		os.Exit(1)
	}
	if err := token.Error(); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}

func main() {
	options := mqtt.NewClientOptions().AddBroker("tcp://127.0.0.1:" + os.Getenv("MQTT_PORT"))
	options.SetUsername("monitor-01").SetPassword(os.Getenv("SECRET"))
	client := mqtt.NewClient(options)
	wait(client.Connect())
	message := fmt.Sprintf(`{"time":%d,"vitals":{"heart-rate":%s}}`, time.Now().UnixMilli(), os.Getenv("HEART_RATE"))
	wait(client.Publish("ward/v1/icu/monitor-01/vitals", 1, false, message))
	client.Disconnect(250)
}
