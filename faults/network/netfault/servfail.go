package main

import (
	"encoding/binary"
	"io"
	"net"
)

const (
	serverFailure = 2
	longestQuery  = 65535
	headerLength  = 12
)

// servfail answers every DNS query on the port, by UDP and TCP, with SERVFAIL: what a server says that has lost what it
// would ask.
func servfail(port string) error {
	packets, err := net.ListenPacket("udp", ":"+port)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", ":"+port)
	if err != nil {
		return err
	}
	go func() {
		for {
			connection, err := listener.Accept()
			if err != nil {
				return
			}
			go serve(connection)
		}
	}()
	buffer := make([]byte, longestQuery)
	for {
		n, from, err := packets.ReadFrom(buffer)
		if err != nil {
			return err
		}
		if answer := fail(buffer[:n]); answer != nil {
			_, _ = packets.WriteTo(answer, from)
		}
	}
}

func serve(connection net.Conn) {
	defer connection.Close()
	for {
		var length [2]byte
		if _, err := io.ReadFull(connection, length[:]); err != nil {
			return
		}
		query := make([]byte, binary.BigEndian.Uint16(length[:]))
		if _, err := io.ReadFull(connection, query); err != nil {
			return
		}
		answer := fail(query)
		if answer == nil {
			return
		}
		if _, err := connection.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(answer))), answer...)); err != nil {
			return
		}
	}
}

// fail makes the answer to a query: its header and first question, without records; nil for what is no query.
func fail(query []byte) []byte {
	if len(query) < headerLength || query[2]&0x80 != 0 || binary.BigEndian.Uint16(query[4:]) == 0 {
		return nil
	}
	end := headerLength
	for end < len(query) && query[end] != 0 {
		end += int(query[end]) + 1
	}
	end += 5
	if end > len(query) {
		return nil
	}
	answer := append([]byte(nil), query[:end]...)
	answer[2] = query[2]&0x79 | 0x80
	answer[3] = 0x80 | serverFailure
	binary.BigEndian.PutUint16(answer[4:], 1)
	clear(answer[6:headerLength])
	return answer
}
