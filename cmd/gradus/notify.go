package main

import (
	"net"
	"os"
	"strings"
)

// notify tells the systemd that started this process how it is, as sd_notify(3) has it: a datagram to the socket that NOTIFY_SOCKET
// names, "@" the start of an abstract one. Who did not ask is told nothing, and who does not listen is no fault.
func notify(state string) {
	name := os.Getenv("NOTIFY_SOCKET")
	if !strings.HasPrefix(name, "/") && !strings.HasPrefix(name, "@") {
		return
	}
	c, err := net.DialUnix("unixgram", nil, &net.UnixAddr{Name: name, Net: "unixgram"})
	if err != nil {
		return
	}
	defer c.Close()
	_, _ = c.Write([]byte(state))
}
