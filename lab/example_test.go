package lab_test

import (
	"fmt"
	"log"

	"gradus/lab"
)

// The lab inside a program of one's own, on this machine alone.
func ExampleNewSite() {
	site, err := lab.NewSite()
	if err != nil {
		log.Fatal(err) // built without its page
	}
	own := lab.NewOwn()
	defer own.Close()
	site.Attach(own)
	server := lab.NewServer(site.Handler("localhost", "127.0.0.1"))
	server.Addr = "localhost:8080"
	log.Fatal(server.ListenAndServe())
}

// Every request to a person's own table carries this token; no two programs have the same.
func ExampleOwn_Token() {
	a, b := lab.NewOwn(), lab.NewOwn()
	defer a.Close()
	defer b.Close()
	fmt.Println(len(a.Token()) > 20, a.Token() == b.Token())
	// Output: true false
}
