package main

import (
	"encoding/binary"
	"errors"
	"io"
	"net"
	"syscall"
)

const (
	serverFailure = 2
	longestQuery  = 65535
	headerLength  = 12
)

// servfail answers every DNS query on the port, by UDP and TCP, with SERVFAIL: what a server says that has lost what it
// would ask.
func servfail(port string) error {
	packets, err := listenPackets(port)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp4", ":"+port)
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
	control := make([]byte, 128)
	for {
		n, size, _, from, err := packets.ReadMsgUDP(buffer, control)
		if err != nil {
			return err
		}
		if answer := fail(buffer[:n]); answer != nil {
			_, _, _ = packets.WriteMsgUDP(answer, answerFrom(control[:size]), from)
		}
	}
}

// listenPackets asks the kernel to tell with each packet to which address of this machine it came: the answer must come
// from there, or the client that was redirected here does not know it.
func listenPackets(port string) (*net.UDPConn, error) {
	address, err := net.ResolveUDPAddr("udp4", ":"+port)
	if err != nil {
		return nil, err
	}
	packets, err := net.ListenUDP("udp4", address)
	if err != nil {
		return nil, err
	}
	raw, err := packets.SyscallConn()
	if err != nil {
		return nil, err
	}
	var refused error
	err = raw.Control(func(descriptor uintptr) {
		refused = syscall.SetsockoptInt(int(descriptor), syscall.IPPROTO_IP, syscall.IP_PKTINFO, 1)
	})
	return packets, errors.Join(err, refused)
}

// answerFrom turns what the kernel told about a query (struct in_pktinfo) into where its answer leaves from: the same
// address, over whichever link.
func answerFrom(control []byte) []byte {
	answer := append([]byte(nil), control...)
	if len(answer) < syscall.CmsgLen(syscall.SizeofInet4Pktinfo) {
		return nil
	}
	info := answer[syscall.CmsgLen(0):]
	clear(info[:4])
	copy(info[4:8], info[8:12])
	return answer
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
