package lab

import (
	"bytes"
	"io"
	"net/http"

	"gradus/internal/say"
)

// longestAddress is the longest address of a playground: its weights set by hand stand in it.
const longestAddress = 8 << 10

// postPlayground answers an address of the playground with its network as a model. It is trained here again, bit by bit the same.
func (o *Own) postPlayground(w http.ResponseWriter, r *http.Request) {
	address, err := io.ReadAll(http.MaxBytesReader(w, r.Body, longestAddress))
	if err != nil {
		refuse(w, http.StatusRequestEntityTooLarge, say.Error("lab.no_network", "address", ""))
		return
	}
	var b bytes.Buffer
	if o.Keep == nil {
		err = say.Error("lab.no_network", "address", "")
	} else {
		err = o.Keep(&b, string(address))
	}
	if err != nil {
		refuse(w, http.StatusUnprocessableEntity, err)
		return
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	_, _ = w.Write(b.Bytes()) // who has gone needs no answer
}
