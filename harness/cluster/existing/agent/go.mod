module shakedown/node-agent

go 1.24
