package main

import (
	"bytes"
	"encoding/binary"
	"testing"
)

func TestPacketIDs(t *testing.T) {
	body := append([]byte{0, 0, 0, 9}, attribute(7, []byte{1, 2, 3})...)
	body = append(body, attribute(attrPacketHeader, []byte{0, 0, 1, 2, 8, 0, 0})...)
	message := binary.NativeEndian.AppendUint32(nil, uint32(16+len(body)))
	message = binary.NativeEndian.AppendUint16(message, msgPacket)
	message = append(message, make([]byte, 10)...)
	message = append(message, body...)
	ids := packetIDs(append(append([]byte(nil), message...), message...))
	if len(ids) != 2 || ids[0] != 0x102 || ids[1] != 0x102 {
		t.Fatalf("got %v", ids)
	}
	if found := packetIDs(message[:len(message)-1]); found != nil {
		t.Fatalf("half a message gave %v", found)
	}
}

func TestFail(t *testing.T) {
	question := []byte{1, 'a', 0, 0, 1, 0, 1}
	query := append([]byte{7, 8, 1, 0, 0, 1, 0, 0, 0, 0, 0, 1}, question...)
	answer := fail(append(append([]byte(nil), query...), 0, 0, 41, 0))
	want := append([]byte{7, 8, 0x81, 0x82, 0, 1, 0, 0, 0, 0, 0, 0}, question...)
	if !bytes.Equal(answer, want) {
		t.Fatalf("got %v", answer)
	}
	if fail(answer) != nil {
		t.Fatal("an answer was answered")
	}
	if fail(query[:14]) != nil {
		t.Fatal("half a question was answered")
	}
}
