// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package manager

import (
	"bytes"
	"compress/gzip"
	"crypto/aes"
	"crypto/cipher"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/crypto/twofish" //nolint:staticcheck // what files of KeePass have

	"github.com/kutano/authenticator/vault/exchange/foreign"
	"github.com/kutano/authenticator/vault/exchange/xmltext"
)

// keepassField writes a field of an entry.
func keepassField(key, value string) string {
	return "<String><Key>" + key + `</Key><Value ProtectInMemory="True">` + strings.ReplaceAll(value, "&", "&amp;") + "</Value></String>"
}

func keepassEntryXML(title, user string, more ...string) string {
	id := base64.StdEncoding.EncodeToString(fmt.Appendf(nil, "%-16.16s", title))
	return "<Entry><UUID>" + id + "</UUID><Tags>a;b c</Tags>" + keepassField("Title", title) + keepassField("UserName", user) +
		keepassField("Password", "hunter2") + keepassField("Notes", "a note") + strings.Join(more, "") + "</Entry>"
}

var keepassExported = `<?xml version="1.0" encoding="utf-8" standalone="yes"?>
<!-- an export -->
<KeePassFile>
	<Meta><Generator>KeePass</Generator><RecycleBinEnabled>True</RecycleBinEnabled><RecycleBinUUID>QklOQklOQklOQklOQklOIQ==</RecycleBinUUID>
	<MemoryProtection><ProtectPassword>True</ProtectPassword></MemoryProtection></Meta>
	<Root><Group><UUID>Uk9PVFJPT1RST09UUk9PVA==</UUID><Name>Root &amp; all</Name>
	` + keepassEntryXML("Mail", "anna",
	keepassField("otp", "otpauth://totp/Mail:anna?secret="+keyA+"&issuer=Mail&digits=8&period=60"),
	"<CustomData><Item><Key>otp</Key><Value>"+keyB+"</Value></Item></CustomData>",
	"<History>"+keepassEntryXML("Old", "anna", keepassField("otp", keyB))+"</History>") + `
	<Group><UUID>R1JPVVBBR1JPVVBBR1JPVQ==</UUID><Name>Group A</Name>
		` + keepassEntryXML("Query", "q", keepassField("otp", "key="+keyA+"%3d%3d&step=20&size=7&otpHashMode=Sha512")) + `
		` + keepassEntryXML("Count", "q", keepassField("otp", "key=MTIzNDU2Nzg5MA%3d%3d&type=Hotp&counter=5&encoding=Base64")) + `
		<Group><UUID>R1JPVVBCR1JPVVBCR1JPVQ==</UUID><Name>Group B</Name>
			` + keepassEntryXML("Tray", "t", keepassField("TOTP Seed", "jbsw y3dp ehpk 3pxp"), keepassField("TOTP Settings", "40;8;https://example.com")) + `
			` + keepassEntryXML("Games", "gus", keepassField("TOTP Seed", keyA), keepassField("TOTP Settings", "30;S")) + `
		</Group>
		` + keepassEntryXML("Seed", "", keepassField("TOTP Seed", keyA)) + `
	</Group>
	<Group><UUID>QklOQklOQklOQklOQklOIQ==</UUID><Name>Recycle Bin</Name>` + keepassEntryXML("Gone", "x", keepassField("otp", keyA)) + `
		<Group><UUID>SU5CSU5JTkJJTklOQklOIQ==</UUID><Name>In it</Name>` + keepassEntryXML("Gone too", "x", keepassField("otp", keyA)) + `</Group>
	</Group>
	` + keepassEntryXML("Time", "u", keepassField("TimeOtp-Secret", "1234567890"), keepassField("TimeOtp-Length", "8"),
	keepassField("TimeOtp-Period", "45"), keepassField("TimeOtp-Algorithm", "HMAC-SHA-256")) + `
	` + keepassEntryXML("Hex", "u", keepassField("TimeOtp-Secret-Hex", strings.ToUpper(keyAHex))) + `
	` + keepassEntryXML("Both", "u", keepassField("TimeOtp-Secret-Base32", keyA), keepassField("HmacOtp-Secret-Base64", "MTIzNDU2Nzg5MA=="), keepassField("HmacOtp-Counter", "7")) + `
	` + keepassEntryXML("Twice the same", "u", keepassField("TimeOtp-Secret-Base32", keyA), keepassField("otp", "otpauth://totp/x?secret="+keyA)) + `
	` + keepassEntryXML("Elsewhere", "u", keepassField("my link", "otpauth://totp/?secret="+keyA)) + `
	` + keepassEntryXML("No hex", "u", keepassField("TimeOtp-Secret-Hex", "xyz")) + `
	` + keepassEntryXML("No length", "u", keepassField("TimeOtp-Secret-Base32", keyA), keepassField("TimeOtp-Length", "0")) + `
	` + keepassEntryXML("No hash", "u", keepassField("otp", "key="+keyA+"&otpHashMode=MD5")) + `
	` + keepassEntryXML("No codes", "u") + `
	</Group></Root>
</KeePassFile>
`

var keepassEntries = []string{
	`totp "Mail" "anna" ` + keyAHex + ` 8 digits 60 s ["a" "b c"]`,
	`totp "Query" "q" ` + keyAHex + ` SHA512 7 digits 20 s ["Group A" "a" "b c"]`,
	`hotp "Count" "q" ` + keyBHex + ` counter 5 ["Group A" "a" "b c"]`,
	`totp "Tray" "t" ` + keyAHex + ` 8 digits 40 s ["Group A/Group B" "a" "b c"]`,
	`steam "Games" "gus" ` + keyAHex + ` ["Group A/Group B" "a" "b c"]`,
	`totp "Seed" "" ` + keyAHex + ` ["Group A" "a" "b c"]`,
	`totp "Time" "u" ` + keyBHex + ` SHA256 8 digits 45 s ["a" "b c"]`,
	`totp "Hex" "u" ` + keyAHex + ` ["a" "b c"]`,
	`totp "Both" "u" ` + keyAHex + ` ["a" "b c"] remarks [5]`,
	`hotp "Both" "u" ` + keyBHex + ` counter 7 ["a" "b c"] remarks [5]`,
	`totp "Twice the same" "x" ` + keyAHex + ` ["a" "b c"]`,
	`totp "Elsewhere" "u" ` + keyAHex + ` ["a" "b c"]`,
	`refused "No hex:u": secret: the secret is not base32: character 1 is none of A–Z and 2–7`,
	`refused "No length:u": the number of digits is not between 4 and 10`,
	`refused "No hash:u": algorithm: the algorithm is none of SHA1, SHA256 and SHA512`,
}

func TestKeePassExport(t *testing.T) {
	gives(t, []byte(keepassExported), "", "keepass", keepassEntries...)
	gives(t, []byte("\xEF\xBB\xBF"+strings.ReplaceAll(keepassExported, "\n", "\r\n")), "", "keepass", keepassEntries...)
}

// Where the bin is switched off, the group that was one is a group like others.
func TestKeePassWithoutBin(t *testing.T) {
	lines, _, err := open(t, []byte(strings.Replace(keepassExported, "<RecycleBinEnabled>True", "<RecycleBinEnabled>False", 1)), "")
	if err != nil || len(lines) != len(keepassEntries)+2 {
		t.Errorf("%d entries, %v", len(lines), err)
	}
}

func TestKeePassExportIsCut(t *testing.T) {
	at := strings.Index(keepassExported, "Seed")
	lines, _, err := open(t, []byte(keepassExported[:at]), "")
	if !errors.Is(err, foreign.ErrCutShort) || len(lines) != 3 { // those before the one that is cut
		t.Errorf("%q, %v", lines, err)
	}
}

func TestKeePassHostileXML(t *testing.T) {
	start := "<KeePassFile><Root><Group>"
	for name, c := range map[string]struct {
		text string
		want error
	}{
		"entities":  {`<!DOCTYPE x [<!ENTITY a "aaaa">]>` + start, foreign.ErrEntities},
		"external":  {`<!DOCTYPE x SYSTEM "file:///etc/passwd">` + start, foreign.ErrEntities},
		"unknown":   {start + "<Name>&a;</Name>", foreign.ErrDamaged},
		"deep":      {start + strings.Repeat("<Group>", 300), foreign.ErrBomb},
		"crossed":   {start + "<Name></Group></Name>", foreign.ErrDamaged},
		"encoding":  {`<?xml version="1.0" encoding="utf-7"?>` + start, foreign.ErrDamaged},
		"cut":       {start, foreign.ErrCutShort},
		"cut a tag": {start + "<Na", foreign.ErrCutShort},
	} {
		t.Run(name, func(t *testing.T) { fails(t, []byte(c.text), "", c.want) })
	}
}

// kdbxFixture is a way to write a database. The zero one is AES-256, AES-KDF,
// ChaCha20 for values, not packed.
type kdbxFixture struct {
	cipher, kdf string
	packed      bool
	stream      uint32
	attachment  int    // bytes
	content     []byte // in place of all that is inside
}

var inMemory = regexp.MustCompile(`<Value ProtectInMemory="True">([^<]*)</Value>`)

// file writes the XML of an export as a database with the password "pass".
func (f kdbxFixture) file(t testing.TB, export string) []byte {
	t.Helper()
	k := &kdbx{cipher: cipherAES, packed: f.packed, seed: bytes.Repeat([]byte{1}, 32), iv: bytes.Repeat([]byte{2}, 16)}
	k.kdf = kdbxKDF{kind: kdfAES, salt: bytes.Repeat([]byte{3}, 32), rounds: 5}
	if f.cipher != "" {
		k.cipher = f.cipher
	}
	if k.cipher == cipherChaCha {
		k.iv = k.iv[:12]
	}
	if f.kdf != "" {
		k.kdf = kdbxKDF{kind: f.kdf, salt: k.kdf.salt, rounds: 2, memory: 64 << 10, threads: 2, version: argon2Version}
	}
	keys, err := k.derive(t.Context(), []byte("pass"))
	if err != nil {
		t.Fatal(err)
	}
	content := f.content
	if content == nil {
		content = f.inside(t, export)
	}
	if f.packed {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		if _, err := z.Write(content); err != nil || z.Close() != nil {
			t.Fatal(err)
		}
		content = b.Bytes()
	}
	return k.seal(keys, encrypt(t, k, keys, content))
}

// inside writes the header inside and the XML with protected values.
func (f kdbxFixture) inside(t testing.TB, export string) []byte {
	t.Helper()
	kind := f.stream
	if kind == 0 {
		kind = streamChaCha
	}
	stream, err := newStream(uint64(kind), []byte("any key"))
	if err != nil {
		t.Fatal(err)
	}
	b := appendField(nil, innerCipher, binary.LittleEndian.AppendUint32(nil, kind))
	b = appendField(b, innerKey, []byte("any key"))
	if f.attachment > 0 {
		b = appendField(b, 3, make([]byte, f.attachment))
	}
	b = appendField(b, innerEnd, nil)
	return append(b, inMemory.ReplaceAllStringFunc(export, func(value string) string {
		plain := []byte(strings.ReplaceAll(inMemory.FindStringSubmatch(value)[1], "&amp;", "&"))
		stream.XORKeyStream(plain, plain)
		return `<Value Protected="True">` + base64.StdEncoding.EncodeToString(plain) + "</Value>"
	})...)
}

func encrypt(t testing.TB, k *kdbx, keys *kdbxKeys, content []byte) []byte {
	t.Helper()
	var block cipher.Block
	var err error
	switch k.cipher {
	case cipherAES:
		block, err = aes.NewCipher(keys.content)
	case cipherTwofish:
		block, err = twofish.NewCipher(keys.content)
	default:
		content, err = k.decrypt(keys, content)
	}
	if err != nil {
		t.Fatal(err)
	}
	if block == nil {
		return content
	}
	pad := 16 - len(content)%16
	content = append(content, bytes.Repeat([]byte{byte(pad)}, pad)...)
	cipher.NewCBCEncrypter(block, k.iv).CryptBlocks(content, content)
	return content
}

var kdbxFixtures = map[string]kdbxFixture{
	"AES, AES":             {},
	"AES, Argon2d, packed": {kdf: kdfArgon2d, packed: true},
	"Twofish, Argon2id":    {cipher: cipherTwofish, kdf: kdfArgon2id},
	"ChaCha20, packed":     {cipher: cipherChaCha, packed: true},
	"Salsa20 inside":       {stream: streamSalsa, packed: true},
	"a large attachment":   {attachment: 3 << 20},
}

func TestKeePass(t *testing.T) {
	for name, f := range kdbxFixtures {
		t.Run(name, func(t *testing.T) {
			file := f.file(t, keepassExported)
			gives(t, file, "pass", "keepass", keepassEntries...)
			fails(t, file, "wrong", foreign.ErrPassword)
			fails(t, file[:len(file)/2], "pass", foreign.ErrCutShort)
			file[len(file)-100] ^= 1
			fails(t, file, "pass", foreign.ErrDamaged)
		})
	}
}

func TestKeePassVersions(t *testing.T) {
	file := kdbxFixture{}.file(t, keepassExported)
	version := func(major byte) []byte {
		b := bytes.Clone(file)
		b[10] = major
		return b
	}
	one := bytes.Clone(file)
	one[4] = kdbxOne[0]
	for name, c := range map[string]struct {
		data    []byte
		version int64
		want    error
	}{
		"KeePass 1": {one, 1, foreign.ErrOlder}, "3": {version(3), 3, foreign.ErrOlder}, "5": {version(5), 5, foreign.ErrNewer},
	} {
		_, _, err := open(t, c.data, "pass")
		var v *foreign.VersionError
		if !errors.As(err, &v) || v.Version != c.version || !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
		if lock, _ := (keepass{}).Lock(foreign.NewSource("", c.data)); lock != foreign.Password {
			t.Errorf("%s is not said to be encrypted", name)
		}
	}
}

// What a header asks for is looked at before anything is done.
func TestKeePassCosts(t *testing.T) {
	argon := kdbxKDF{kind: kdfArgon2d, salt: make([]byte, 32), rounds: 2, memory: 64 << 10, threads: 2, version: argon2Version}
	for name, c := range map[string]struct {
		change func(k *kdbxKDF)
		want   error
	}{
		"fits":             {func(*kdbxKDF) {}, nil},
		"many over little": {func(k *kdbxKDF) { k.rounds = 300 }, nil},
		"memory":           {func(k *kdbxKDF) { k.memory = 2 << 30 }, foreign.ErrTooCostly},
		"far more memory":  {func(k *kdbxKDF) { k.memory = 1<<64 - 1 }, foreign.ErrTooCostly},
		"passes":           {func(k *kdbxKDF) { k.rounds = 1 << 40 }, foreign.ErrTooCostly},
		"threads":          {func(k *kdbxKDF) { k.threads = 1 << 20 }, foreign.ErrDamaged},
		"no passes":        {func(k *kdbxKDF) { k.rounds = 0 }, foreign.ErrDamaged},
		"old Argon2":       {func(k *kdbxKDF) { k.version = 0x10 }, foreign.ErrOlder},
		"new Argon2":       {func(k *kdbxKDF) { k.version = 0x14 }, foreign.ErrNewer},
		"AES":              {func(k *kdbxKDF) { k.kind, k.threads, k.rounds = kdfAES4, 0, maxAES+1 }, foreign.ErrTooCostly},
		"AES without salt": {func(k *kdbxKDF) { k.kind, k.threads, k.salt = kdfAES, 0, nil }, foreign.ErrDamaged},
		"unknown":          {func(k *kdbxKDF) { k.kind = cipherAES }, foreign.ErrNewer},
	} {
		k := argon
		c.change(&k)
		parsed, err := parseKDF(k.encode())
		if err == nil {
			err = parsed.afford()
		}
		if !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestKeePassOddHeaders(t *testing.T) {
	good := kdbx{cipher: cipherAES, seed: make([]byte, 32), iv: make([]byte, 16), kdf: kdbxKDF{kind: kdfAES, salt: make([]byte, 32), rounds: 5}}
	for name, c := range map[string]struct {
		change func(k *kdbx)
		want   error
	}{
		"cipher": {func(k *kdbx) { k.cipher = "another" }, foreign.ErrNewer},
		"seed":   {func(k *kdbx) { k.seed = nil }, foreign.ErrDamaged},
		"IV":     {func(k *kdbx) { k.iv = k.iv[:12] }, foreign.ErrDamaged},
	} {
		k := good
		c.change(&k)
		if _, err := parseKDBX(k.seal(&kdbxKeys{mac: make([]byte, 64)}, nil)); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	k := good
	file := k.seal(&kdbxKeys{mac: make([]byte, 64)}, nil)
	fails(t, file[:40], "pass", foreign.ErrCutShort)
	file[20] ^= 1
	fails(t, file, "pass", foreign.ErrDamaged) // the header's own hash
}

// A content that unpacks to far more than it is ends early.
func TestKeePassBomb(t *testing.T) {
	content := kdbxFixture{attachment: 5000}.inside(t, keepassExported)
	for _, most := range []int64{1000, 5200} { // in the attachment, in the XML
		r := &bounded{in: bytes.NewReader(content), left: most}
		stream, err := innerHeader(r)
		if err == nil {
			x := keepassXML{Reader: xmltext.NewReader(r), stream: stream}
			err = x.read(t.Context(), func(foreign.Entry) {})
		}
		if !errors.Is(err, foreign.ErrBomb) {
			t.Errorf("%d: %v", most, err)
		}
	}
}

func TestKeePassDamagedInside(t *testing.T) {
	for name, content := range map[string]string{
		"nothing": "", "cut header": "\x01\x04\x00\x00\x00\x03", "unknown cipher": "\x01\x04\x00\x00\x00\x09\x00\x00\x00\x00\x00\x00\x00\x00",
		"odd cipher": "\x01\x01\x00\x00\x00\x03\x00\x00\x00\x00\x00", "no XML": "\x00\x00\x00\x00\x00",
	} {
		file := kdbxFixture{content: []byte(content)}.file(t, "")
		if lines, _, err := open(t, file, "pass"); err == nil || len(lines) > 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A value that cannot be decrypted refuses its entry alone.
func TestKeePassDamagedValue(t *testing.T) {
	gives(t, []byte(`<KeePassFile><Root><Group>`+keepassEntryXML("Bad", "x", `<String><Key>otp</Key><Value Protected="True">!</Value></String>`)+
		keepassEntryXML("Good", "x", keepassField("otp", keyA))+`</Group></Root></KeePassFile>`), "", "keepass",
		`refused "Bad:x": it is damaged`, `totp "Good" "x" `+keyAHex+` ["a" "b c"]`)
}

func FuzzKeePass(f *testing.F) {
	seeds := [][]byte{[]byte(keepassExported)}
	for _, x := range kdbxFixtures {
		x.attachment = 0
		seeds = append(seeds, x.file(f, keepassExported))
	}
	fuzz(f, seeds, func(s *foreign.Source) bool {
		if !isKDBX(s.Data) {
			return true
		}
		k, err := parseKDBX(s.Data)
		return err != nil || k.kdf.rounds <= 5 && k.kdf.memory <= 1<<20
	}, keepass{}, keepassExport{})
}

// FuzzKeePassContent gets at what stands behind the encryption.
func FuzzKeePassContent(f *testing.F) {
	f.Add(kdbxFixture{}.inside(f, keepassExported))
	f.Add(kdbxFixture{stream: streamSalsa}.inside(f, keepassExported))
	f.Fuzz(func(t *testing.T, content []byte) {
		r := bytes.NewReader(content)
		stream, err := innerHeader(r)
		if err != nil {
			return
		}
		x := keepassXML{Reader: xmltext.NewReader(r), stream: stream}
		_ = x.read(t.Context(), func(e foreign.Entry) {
			if e.Err == nil && e.Key.Validate() != nil {
				t.Error(fmt.Errorf("taken: %w", e.Key.Validate()))
			}
		})
	})
}
