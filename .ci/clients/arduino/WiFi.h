#pragma once
#include <Client.h>
#include <netdb.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

enum { WL_CONNECTED = 3 };

struct Radio {
  void begin(const char *, const char *) {}
  int status() { return WL_CONNECTED; }
};
inline Radio WiFi;

class WiFiClient : public Client {
  int socket_ = -1;

 public:
  int connect(const char *host, uint16_t port) override {
    addrinfo hints = {}, *found = nullptr;
    hints.ai_socktype = SOCK_STREAM;
    if (getaddrinfo(host, std::to_string(port).c_str(), &hints, &found) != 0) return 0;
    socket_ = socket(found->ai_family, found->ai_socktype, found->ai_protocol);
    bool isThere = ::connect(socket_, found->ai_addr, found->ai_addrlen) == 0;
    freeaddrinfo(found);
    if (!isThere) stop();
    return isThere ? 1 : 0;
  }
  int connect(IPAddress, uint16_t) override { return 0; }
  size_t write(const uint8_t *bytes, size_t length) override {
    ssize_t sent = send(socket_, bytes, length, MSG_NOSIGNAL);
    return sent < 0 ? 0 : static_cast<size_t>(sent);
  }
  int available() override {
    int waiting = 0;
    return socket_ >= 0 && ioctl(socket_, FIONREAD, &waiting) == 0 ? waiting : 0;
  }
  int read(uint8_t *bytes, size_t length) override {
    return static_cast<int>(recv(socket_, bytes, length, MSG_DONTWAIT));
  }
  uint8_t connected() override {
    char byte;
    if (socket_ < 0) return 0;
    ssize_t peeked = recv(socket_, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    return peeked > 0 || (peeked < 0 && (errno == EAGAIN || errno == EWOULDBLOCK));
  }
  void stop() override {
    if (socket_ >= 0) close(socket_);
    socket_ = -1;
  }
};
