// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package manager

import (
	"crypto/sha256"
	"encoding/binary"
)

// header writes what parseKDBX reads.
func (k *kdbx) header() []byte {
	b := append([]byte(nil), kdbxMagic...)
	b = append(b, kdbxTwo...)
	b = binary.LittleEndian.AppendUint32(b, kdbxVersion<<16)
	packed := uint32(0)
	if k.packed {
		packed = 1
	}
	for _, f := range []struct {
		id    byte
		value []byte
	}{
		{headCipher, []byte(k.cipher)},
		{headPacked, binary.LittleEndian.AppendUint32(nil, packed)},
		{headSeed, k.seed},
		{headIV, k.iv},
		{headKDF, k.kdf.encode()},
		{headEnd, []byte("\r\n\r\n")},
	} {
		b = appendField(b, f.id, f.value)
	}
	return b
}

// appendField writes a field of the header, or of the one inside.
func appendField(b []byte, id byte, value []byte) []byte {
	b = append(b, id)
	b = binary.LittleEndian.AppendUint32(b, uint32(len(value)))
	return append(b, value...)
}

// The types of a derivation's parameters.
const (
	typeUint32 = 0x04
	typeUint64 = 0x05
	typeBytes  = 0x42
)

// encode writes what parseKDF reads.
func (k *kdbxKDF) encode() []byte {
	b := []byte{0, 1} // the version of the list
	put := func(kind byte, name string, value []byte) {
		b = append(b, kind)
		b = binary.LittleEndian.AppendUint32(b, uint32(len(name)))
		b = append(b, name...)
		b = binary.LittleEndian.AppendUint32(b, uint32(len(value)))
		b = append(b, value...)
	}
	put64 := func(name string, n uint64) { put(typeUint64, name, binary.LittleEndian.AppendUint64(nil, n)) }
	put32 := func(name string, n uint64) { put(typeUint32, name, binary.LittleEndian.AppendUint32(nil, uint32(n))) }
	put(typeBytes, "$UUID", []byte(k.kind))
	put(typeBytes, "S", k.salt)
	if k.threads == 0 {
		put64("R", k.rounds)
		return append(b, 0)
	}
	put32("V", k.version)
	put64("I", k.rounds)
	put64("M", k.memory)
	put32("P", k.threads)
	return append(b, 0)
}

// seal writes the file around a content that is encrypted.
func (k *kdbx) seal(keys *kdbxKeys, body []byte) []byte {
	const block = 1 << 20
	head := k.header()
	sum := sha256.Sum256(head)
	b := make([]byte, 0, len(head)+len(body)+len(body)/block*36+256)
	b = append(b, head...)
	b = append(b, sum[:]...)
	b = append(b, keys.sum(headBlock, head)...)
	for n := uint64(0); ; n++ {
		part := body[:min(block, len(body))]
		body = body[len(part):]
		size := binary.LittleEndian.AppendUint32(nil, uint32(len(part)))
		b = append(b, keys.sum(n, size, part)...)
		b = append(b, size...)
		b = append(b, part...)
		if len(part) == 0 {
			return b
		}
	}
}
