package source_test

import (
	"fmt"
	"log"
	"slices"
	"strings"

	"gradus/source"
)

// What a Korean hospital exports: CP949, semicolons, a title above the header. Nothing is decided yet: records are text as they stand.
func ExampleDecode() {
	file := "\xb3\xaa\xc0\xcc;\xbc\xba\xba\xb0\n63;\xbf\xa9\n" // 나이;성별, 63;여
	sheet, err := source.Decode("ward.csv", []byte(file), source.Options{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(sheet.Encoding, sheet.Delimiter, sheet.Records)
	// Output: cp949 ; [[나이 성별] [63 여]]
}

func ExampleWriteCSV() {
	var out strings.Builder
	rows := [][]string{{"63", "stable, eating"}, {"71", ""}}
	if err := source.WriteCSV(&out, []string{"age", "note"}, slices.Values(rows), false); err != nil {
		log.Fatal(err)
	}
	fmt.Print(out.String())
	// Output:
	// age,note
	// 63,"stable, eating"
	// 71,
}
