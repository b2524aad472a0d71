module shakedown.dev/web

go 1.24
