// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package phrase

import "github.com/kutano/authenticator/recovery/standing"

// Version is the format's version that is written.
const Version = 1

// oldest is the oldest version that is read.
const oldest = 1

// layout is the format: how many bits each field has, the first one highest, and
// the highest value that this version knows. The version itself stands before them
// in three bits, and two that are spare behind.
var layout = [fields]struct {
	bits  uint
	known uint8
}{
	{3, uint8(standing.OtherPlatform)},
	{4, uint8(standing.WrongYear)},
	{2, uint8(standing.OtherDevice)},
	{3, uint8(standing.SealedFile)},
	{4, uint8(standing.InBin)},
	{3, uint8(standing.AppTooOld)},
	{3, uint8(standing.NeverSaved)},
	{2, uint8(standing.AutomaticOff)},
	{2, uint8(standing.RefusedWrong)},
	{2, uint8(standing.CameraNA)},
	{2, 3},
	{5, 31},
}

const (
	fields      = 12
	versionBits = 3
	spareBits   = 2
)

// values are a standing's fields in the layout's order.
func values(s standing.Standing) [fields]uint8 {
	return [fields]uint8{
		uint8(s.Platform), uint8(s.Clock), uint8(s.Source), uint8(s.Store), uint8(s.Enrolment), uint8(s.Link),
		uint8(s.Codes), uint8(s.Automatic), uint8(s.Last), uint8(s.Camera), s.Major, s.Minor,
	}
}

// standingOf is the way back from values.
func standingOf(v [fields]uint8) standing.Standing {
	return standing.Standing{
		Platform: standing.Platform(v[0]), Clock: standing.Clock(v[1]), Source: standing.Source(v[2]),
		Store: standing.Store(v[3]), Enrolment: standing.Enrolment(v[4]), Link: standing.Link(v[5]),
		Codes: standing.Codes(v[6]), Automatic: standing.Automatic(v[7]), Last: standing.Last(v[8]),
		Camera: standing.Camera(v[9]), Major: v[10], Minor: v[11],
	}
}

// pack puts a standing into 40 bits.
func pack(s standing.Standing) (uint64, error) {
	bits := uint64(Version)
	for i, v := range values(s) {
		if v > layout[i].known {
			return 0, ErrRange
		}
		bits = bits<<layout[i].bits | uint64(v)
	}
	return bits << spareBits, nil
}

// unpack reads 40 bits. Spare bits that are set are something that a newer app says
// beside what this one knows; a value that is not known is what it says instead.
func unpack(bits uint64) (Decoded, error) {
	d := Decoded{Newer: bits&(1<<spareBits-1) != 0}
	rest := bits >> spareBits
	var v [fields]uint8
	unknown := false
	for i := fields - 1; i >= 0; i-- {
		v[i] = uint8(rest & (1<<layout[i].bits - 1))
		rest >>= layout[i].bits
		unknown = unknown || v[i] > layout[i].known
	}
	d.Version = int(rest & (1<<versionBits - 1))
	switch {
	case d.Version < oldest:
		return Decoded{}, ErrOlder
	case d.Version > Version || unknown:
		return Decoded{}, ErrNewer
	}
	d.Standing = standingOf(v)
	return d, nil
}

// seal makes a phrase of 40 bits, big-endian, and their check word.
func seal(bits uint64) Phrase {
	var p Phrase
	for i := range Length - 1 {
		p[i] = byte(bits >> (8 * (Length - 2 - i)))
	}
	p[Length-1] = crc(p[:Length-1])
	return p
}

// bits are the 40 bits before the check word.
func (p Phrase) bits() uint64 {
	var bits uint64
	for _, b := range p[:Length-1] {
		bits = bits<<8 | uint64(b)
	}
	return bits
}

// fits tells whether the check word goes with the others.
func (p Phrase) fits() bool { return crc(p[:Length-1]) == p[Length-1] }

// crc is CRC-8/SAE-J1850: polynomial x⁸+x⁴+x³+x²+1, start and final exclusive or 0xFF.
// The polynomial is irreducible and x has order 255 modulo it, so no byte that is
// wrong and no two that changed places leave it as it was, the checksum included.
func crc(data []byte) byte {
	sum := byte(0xFF)
	for _, b := range data {
		sum ^= b
		for range 8 {
			carry := sum & 0x80
			sum <<= 1
			if carry != 0 {
				sum ^= 0x1D
			}
		}
	}
	return sum ^ 0xFF
}
