// A stand-in for the Arduino core, as far as the library MQTT and the recipe of docs/connecting.md need it: the sketch
// is then compiled and run on this machine, over sockets of POSIX. It says nothing of a chip or of its radio.
#pragma once
#include <cstdarg>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <string>
#include <unistd.h>

class String : public std::string {
 public:
  String() = default;
  String(const char *text) : std::string(text) {}
};

struct IPAddress {
  uint32_t address = 0;
};

inline uint32_t millis() {
  timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<uint32_t>(now.tv_sec * 1000 + now.tv_nsec / 1000000);
}
inline void delay(uint32_t ms) { usleep(ms * 1000); }

struct SerialPort {
  void begin(int) {}
  void println(const char *text) {
    puts(text);
    fflush(stdout);
  }
  void printf(const char *format, ...) {
    va_list values;
    va_start(values, format);
    vprintf(format, values);
    va_end(values);
    fflush(stdout);
  }
};
inline SerialPort Serial;
