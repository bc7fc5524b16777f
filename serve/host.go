package serve

import (
	"net"
	"net/http"
	"slices"
	"strings"

	"gradus/internal/say"
)

// admits refuses a request that calls the service by a name that is not its own, so that no page of the web reaches it through a name
// that it has pointed here, and one that another page's script sends.
func (s *Server) admits(r *http.Request) error {
	if s.opt.Hosts != nil && !s.known(r) {
		return refuse(http.StatusMisdirectedRequest, say.Error("serve.host")).at(0, "Host").sight("", s.opt.Hosts...)
	}
	if s.origin.Check(r) != nil {
		return refuse(http.StatusForbidden, say.Error("serve.origin")).at(0, "Origin").shut()
	}
	return nil
}

// known reports whether the host that r names, its port left aside, is one of ours or the very address to which r came.
func (s *Server) known(r *http.Request) bool {
	host := hostname(r.Host)
	if slices.Contains(s.opt.Hosts, host) {
		return true
	}
	at, ok := r.Context().Value(http.LocalAddrContextKey).(*net.TCPAddr)
	return ok && at.IP.Equal(net.ParseIP(host))
}

// hostname is a host without its port and brackets.
func hostname(host string) string {
	if i := strings.LastIndexByte(host, ':'); i >= 0 && (strings.IndexByte(host, ':') == i || i > 0 && host[i-1] == ']') {
		host = host[:i]
	}
	return strings.Trim(host, "[]")
}
