package main

// The number of setns(2).
const setns = 268
