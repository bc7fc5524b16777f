package pipe_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"log"

	"gradus/internal/say"
	"gradus/pipe"
)

// One frame in, one frame out: the mark, the length of the head and of the body, then both.
func ExampleServer_Serve() {
	head := []byte(`{"do":"open"}`)
	in := bytes.NewBufferString("grd1")
	binary.Write(in, binary.LittleEndian, uint32(len(head)))
	binary.Write(in, binary.LittleEndian, uint64(0))
	in.Write(head)
	var out bytes.Buffer
	server := pipe.Server{Lang: say.English}
	if err := server.Serve(context.Background(), in, &out); err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%s\n", out.Bytes()[4+4+8:])
	// Output: {"error":"data cannot be used as a model: the file ends too early; train it again, or copy it again from where it came","key":"model.damaged","failure":false}
}
