// Runs the sketch as its chip would, for one round: it connects and publishes once.
#include "sketch.h"

int main() {
  setup();
  loop();
}
