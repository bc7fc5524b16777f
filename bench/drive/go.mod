module drive

go 1.26.0
