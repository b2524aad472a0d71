package main

import (
	"encoding/binary"
	"fmt"
	"syscall"
	"time"
)

// Numbers of linux/netfilter/nfnetlink_queue.h and linux/netfilter/nfnetlink.h.
const (
	netlinkNetfilter = 12
	queueSubsystem   = 3 << 8
	msgPacket        = queueSubsystem | 0
	msgVerdict       = queueSubsystem | 1
	msgConfig        = queueSubsystem | 2
	attrPacketHeader = 1
	attrVerdict      = 2
	cfgCommand       = 1
	cfgCopy          = 2
	cfgMaxLength     = 3
	cfgMask          = 4
	cfgFlags         = 5
	flagFailOpen     = 1
	accept           = 1
	mostWaiting      = 65536
)

type waiting struct {
	id  uint32
	due time.Time
}

// delay gives every packet of a netfilter queue its verdict, accept, after a constant time: in the order of arrival.
// The rule that fills the queue says --queue-bypass, so that packets pass undelayed when this process is gone.
func delay(queue uint16, by time.Duration) error {
	socket, err := openQueue(queue)
	if err != nil {
		return err
	}
	line := make(chan waiting, mostWaiting)
	go func() {
		for next := range line {
			time.Sleep(time.Until(next.due))
			verdict := binary.BigEndian.AppendUint32(nil, accept)
			verdict = binary.BigEndian.AppendUint32(verdict, next.id)
			_ = send(socket, msgVerdict, queue, attribute(attrVerdict, verdict))
		}
	}()
	buffer := make([]byte, 1<<18)
	for {
		n, _, err := syscall.Recvfrom(socket, buffer, 0)
		if err == syscall.EINTR || err == syscall.ENOBUFS {
			continue
		}
		if err != nil {
			return fmt.Errorf("reading the queue: %w", err)
		}
		due := time.Now().Add(by)
		for _, id := range packetIDs(buffer[:n]) {
			line <- waiting{id, due}
		}
	}
}

func openQueue(queue uint16) (int, error) {
	socket, err := syscall.Socket(syscall.AF_NETLINK, syscall.SOCK_RAW|syscall.SOCK_CLOEXEC, netlinkNetfilter)
	if err != nil {
		return 0, fmt.Errorf("netlink: %w", err)
	}
	if err := syscall.Bind(socket, &syscall.SockaddrNetlink{Family: syscall.AF_NETLINK}); err != nil {
		return 0, fmt.Errorf("netlink: %w", err)
	}
	// SO_RCVBUFFORCE: a burst must not be lost before it is read.
	_ = syscall.SetsockoptInt(socket, syscall.SOL_SOCKET, 33, 16<<20)
	flag := binary.BigEndian.AppendUint32(nil, flagFailOpen)
	configs := [][]byte{
		attribute(cfgCommand, []byte{1, 0, 0, 0}),
		// Only what describes the packet is copied, not the packet.
		attribute(cfgCopy, []byte{0, 0, 0, 0, 1}),
		attribute(cfgMaxLength, binary.BigEndian.AppendUint32(nil, mostWaiting)),
		append(attribute(cfgFlags, flag), attribute(cfgMask, flag)...),
	}
	for _, config := range configs {
		if err := send(socket, msgConfig, queue, config); err != nil {
			return 0, fmt.Errorf("netfilter queue %d: %w", queue, err)
		}
	}
	return socket, nil
}

func send(socket int, kind uint16, queue uint16, body []byte) error {
	message := binary.NativeEndian.AppendUint32(nil, uint32(20+len(body)))
	message = binary.NativeEndian.AppendUint16(message, kind)
	message = binary.NativeEndian.AppendUint16(message, syscall.NLM_F_REQUEST)
	message = append(message, make([]byte, 8)...)
	message = append(message, syscall.AF_UNSPEC, 0)
	message = binary.BigEndian.AppendUint16(message, queue)
	message = append(message, body...)
	return syscall.Sendto(socket, message, 0, &syscall.SockaddrNetlink{Family: syscall.AF_NETLINK})
}

func attribute(kind uint16, value []byte) []byte {
	attr := binary.NativeEndian.AppendUint16(nil, uint16(4+len(value)))
	attr = binary.NativeEndian.AppendUint16(attr, kind)
	attr = append(attr, value...)
	return append(attr, make([]byte, -len(value)&3)...)
}

// packetIDs finds the kernel's number of each packet in what was read from the queue.
func packetIDs(data []byte) []uint32 {
	var ids []uint32
	for len(data) >= 16 {
		length := int(binary.NativeEndian.Uint32(data))
		if length < 16 || length > len(data) {
			break
		}
		if binary.NativeEndian.Uint16(data[4:]) == msgPacket && length >= 20 {
			if id, found := packetID(data[20:length]); found {
				ids = append(ids, id)
			}
		}
		data = data[min((length+3)&^3, len(data)):]
	}
	return ids
}

func packetID(attributes []byte) (uint32, bool) {
	for len(attributes) >= 8 {
		length := int(binary.NativeEndian.Uint16(attributes))
		if length < 4 || length > len(attributes) {
			break
		}
		if binary.NativeEndian.Uint16(attributes[2:])&0x7fff == attrPacketHeader {
			return binary.BigEndian.Uint32(attributes[4:]), true
		}
		attributes = attributes[min((length+3)&^3, len(attributes)):]
	}
	return 0, false
}
