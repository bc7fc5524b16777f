module blaspeer

go 1.26.0

require peer v0.0.0

replace peer => ../peer
