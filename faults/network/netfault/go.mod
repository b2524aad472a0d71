module shakedown/netfault

go 1.24
