module sandbox/pause

go 1.24
