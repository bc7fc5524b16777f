//go:build !page

package say

import "fmt"

func other(v any) string { return fmt.Sprint(v) }
