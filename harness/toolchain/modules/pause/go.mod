module shakedown.dev/toolchain/pause

go 1.24.0
