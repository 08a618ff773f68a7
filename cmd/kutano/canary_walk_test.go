// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build linux && !race

package main

import (
	"image/png"
	"os"
	"regexp"
	"slices"
	"strings"

	"github.com/kutano/authenticator/vault/scan"
	"github.com/kutano/authenticator/vault/snapshot"
)

func link(name, key, more string) string {
	return "otpauth://totp/" + name + ":ana?secret=" + key + "&issuer=" + name + more
}

// everything is all that the program can do, well and badly.
func (w *walk) everything() {
	w.t.Helper()
	w.adding()
	w.keeping()
	w.managing()
	w.passphrases()
	w.recovery()
	w.backups()
	w.exchanging()
	w.typing()
	w.forgetting()
	w.wrongUse()
	w.reporting()
	w.helping()
}

func (w *walk) adding() {
	w.do(step{args: "add", in: link("Plain", w.plain, "&digits=10&period=86400")})
	w.do(step{args: "add --json", in: link("Json", w.json, "")})
	w.draw("given/picture.png", link("Picture", w.picture, ""))
	w.do(step{args: "scan --dry-run --json", more: []string{w.path("given/picture.png")}})
	w.do(step{args: "scan", more: []string{w.path("given/picture.png")}})
	for _, bad := range []string{
		link("Bad", w.bad+"!", ""), link("Bad", w.bad+"0189", ""), link("Bad", w.bad, "&digits=99"), link("Bad", w.bad, "&algorithm="+w.bad),
		link("Bad", w.bad, "&period=x"), "otpauth://" + w.bad + "/x?secret=" + w.bad, "otpauth://totp/x?secret=" + w.bad + "&secret=" + w.bad,
		"otpauth://totp/x?secret=%ZZ" + w.bad, "otpauth-migration://offline?data=!" + w.bad, "otpauth:" + w.bad, "https://example.com/" + w.bad, w.bad + "\x00",
	} {
		for _, args := range []string{"add", "add --json"} {
			w.do(step{args: args, in: bad, exit: 6})
		}
	}
	w.draw("given/bad.png", link("Bad", w.bad, "&digits=99"))
	w.do(step{args: "scan", more: []string{w.path("given/bad.png")}, exit: 6})
	other := link("Plain", w.json, "&digits=10&period=86400")
	w.do(step{args: "add", in: other, exit: 6})
	w.do(step{args: "add --replace", in: other})
	w.do(step{args: "add --replace", in: link("Plain", w.plain, "&digits=10&period=86400")})
}

func (w *walk) draw(name, text string) {
	w.t.Helper()
	img, err := scan.Draw(text, 500)
	if err != nil {
		w.t.Fatal(err)
	}
	f, err := os.Create(w.path(name))
	if err != nil {
		w.t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, img); err != nil {
		w.t.Fatal(err)
	}
}

func (w *walk) managing() {
	code := regexp.MustCompile(`\d{10}`).FindString(w.do(step{args: "code plain", skip: true}))
	if code == "" {
		w.t.Fatal("no code is printed")
	}
	w.Code("a code of today", code)
	for _, args := range []string{
		"code --all", "code --all --json", "code plain --next", "code plain --json", "code plain --peek",
	} {
		w.do(step{args: args, skip: strings.Contains(args, "plain") || strings.Contains(args, "--all")})
	}
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		w.t.Fatal(err)
	}
	defer full.Close()
	for _, args := range []string{"code --all", "list", "list --json", "show-qr plain --yes", "show-qr plain --yes --json"} {
		w.do(step{args: args, out: full, exit: 1})
	}
	for _, args := range []string{
		"list", "list --json", "edit plain --note changed", "edit plain --tag work --json", "remove json --yes", "list --removed", "restore json",
		"remove json --yes --json", "restore json --json",
	} {
		w.do(step{args: args})
	}
	w.do(step{args: "show-qr plain", exit: 2})
	w.do(step{args: "show-qr plain --yes", skip: true})
	shown := w.do(step{args: "show-qr plain --yes --json", skip: true})
	if err := os.WriteFile(w.path("out/qr.json"), []byte(shown), 0o600); err != nil {
		w.t.Fatal(err)
	}
	w.do(step{args: "show-qr plain --yes --png", more: []string{w.path("out/qr.png")}})
}

func (w *walk) passphrases() {
	if !w.guarded {
		w.do(step{args: "passphrase set --new-passphrase-fd 4", fds: []string{w.first}})
		w.guarded = true
	}
	w.do(step{args: "passphrase set --new-passphrase-fd 4", fds: []string{w.second}, exit: 2})
	for _, wrong := range []string{w.second, w.first[:23], strings.ToUpper(w.first)} {
		w.do(step{args: "code plain", pass: wrong, exit: 4})
	}
	w.calm()
	w.do(step{args: "code plain --json", pass: w.second, exit: 4})
	w.calm()
	w.do(step{args: "passphrase change --new-passphrase-fd 4", fds: []string{w.second}, pass: w.second, exit: 4})
	w.calm()
	w.do(step{args: "passphrase change --new-passphrase-fd 4 --json", fds: []string{w.second}})
	w.pass = w.second
	w.do(step{args: "code plain", skip: true})
}

// calm ends the delay that wrong passphrases bring.
func (w *walk) calm() {
	tries, err := os.ReadFile(w.data() + "/tries.json")
	if err != nil {
		w.t.Fatalf("tries.json is not searched: %v", err)
	}
	w.Saw("tries.json", tries)
	if err := os.Remove(w.data() + "/tries.json"); err != nil {
		w.t.Fatal(err)
	}
}

func (w *walk) recovery() {
	w.do(step{args: "snapshot key", exit: 2}) // never where it is not a terminal
	w.do(step{args: "snapshot key --json", exit: 2})
	w.do(step{args: "snapshot key --yes", more: []string{"--key-file", w.path("out/key.txt"), "--pdf", w.path("out/sheet.pdf")}})
	w.learn("the recovery key", w.path("out/key.txt"))
	w.do(step{args: "snapshot key --yes --json", more: []string{"--key-file", w.path("out/key.txt")}, exit: 1})
	w.do(step{args: "edit plain --note again"}) // writes a snapshot
	for _, args := range []string{
		"snapshot now", "snapshot now --json", "snapshot list", "snapshot list --json", "snapshot verify", "snapshot verify --json", "snapshot key --show",
		"snapshot key --show --json", "snapshot copies", "snapshot copies --json",
	} {
		w.do(step{args: args})
	}
}

// learn marks a recovery key that the program has made.
func (w *walk) learn(name, file string) {
	w.t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		w.t.Fatal(err)
	}
	key, err := snapshot.ParseKey(string(text))
	if err != nil {
		w.t.Fatal("the key file does not hold a key")
	}
	all := regexp.MustCompile(`\d+\. ([a-z]+)`).FindAllStringSubmatch(string(text), -1)
	var words []string
	for _, m := range all {
		words = append(words, m[1])
	}
	w.words = strings.Join(words, " ")
	if again, err := snapshot.ParseKey(w.words); err != nil || again.Recipient() != key.Recipient() {
		w.t.Fatal("the key file does not hold the words")
	}
	w.Phrase(name+"'s words", words)
	w.Identity(name+"'s identity", key.Identity().Reveal())
}

func (w *walk) backups() {
	words := strings.Fields(w.words)
	typo, swapped, unknown := slices.Clone(words), slices.Clone(words), slices.Clone(words)
	typo[4] = words[5]
	swapped[2], swapped[9] = swapped[9], swapped[2]
	unknown[7] += "x"
	for _, args := range []string{"snapshot restore latest --yes --key-fd 4", "snapshot restore latest --yes --json --key-fd 4"} {
		w.do(step{args: args, fds: []string{w.words}})
		for _, wrong := range [][]string{typo, swapped, unknown} {
			w.do(step{args: args, fds: []string{strings.Join(wrong, " ")}, exit: 4})
		}
		for _, wrong := range [][]string{words[:12], append(slices.Clone(words), "river")} {
			w.do(step{args: args, fds: []string{strings.Join(wrong, " ")}, exit: 2})
		}
		key := snapshot.NewKey()
		w.do(step{args: args, fds: []string{key.Identity().Reveal()}, exit: 4})
	}
	file := w.path("out/backup.age")
	w.do(step{args: "export --new-passphrase-fd 4", more: []string{file}, fds: []string{w.backup}})
	w.do(step{args: "export --new-passphrase-fd 4 --json --force", more: []string{file}, fds: []string{w.backup}})
	w.do(step{args: "export --new-passphrase-fd 4", more: []string{"/dev/full"}, fds: []string{w.backup}, exit: 1})
	w.do(step{args: "export --new-passphrase-fd 4", more: []string{w.path("nowhere/x")}, fds: []string{w.backup}, exit: 3})
	w.do(step{args: "export --recovery-key", more: []string{w.path("out/key.age")}})
	whole, err := os.ReadFile(file)
	if err != nil {
		w.t.Fatal(err)
	}
	damaged := slices.Clone(whole)
	damaged[len(damaged)-10] ^= 1
	for name, data := range map[string][]byte{"damaged.age": damaged, "short.age": whole[:len(whole)/2], "other.age": []byte("no backup " + w.bad)} {
		if err := os.WriteFile(w.path("given/"+name), data, 0o600); err != nil {
			w.t.Fatal(err)
		}
	}
	for _, json := range []string{"", " --json"} {
		args := "import --yes --file-passphrase-fd 4" + json
		w.do(step{args: args + " --dry-run", more: []string{file}, fds: []string{w.backup}})
		w.do(step{args: args, more: []string{file}, fds: []string{w.backup}})
		w.do(step{args: args, more: []string{file}, fds: []string{w.pass}, exit: 4})
		for _, name := range []string{"damaged.age", "short.age", "other.age"} {
			w.do(step{args: args, more: []string{w.path("given/" + name)}, fds: []string{w.backup}, exit: 1})
		}
		w.do(step{args: "import --yes --key-fd 4" + json, more: []string{w.path("out/key.age")}, fds: []string{w.words}})
	}
}

// exchanging reads files of other apps and writes some, well and badly.
func (w *walk) exchanging() {
	given := func(name, text string) string {
		if err := os.WriteFile(w.path("given/"+name), []byte(text), 0o600); err != nil {
			w.t.Fatal(err)
		}
		return w.path("given/" + name)
	}
	whole := given("whole.txt", link("Plain", w.plain, "&digits=10&period=86400")+"\n"+link("Json", w.json, "")+"\n")
	differs := given("differs.txt", link("Plain", w.json, "&digits=10&period=86400"))
	bad := given("bad.txt", link("Bad", w.bad+"0189", "")+"\n"+link("Bad", w.bad, "&algorithm="+w.bad)+"\n")
	vault := w.path("out/vault.json")
	for _, json := range []string{"", " --json"} {
		w.do(step{args: "import --formats" + json})
		w.do(step{args: "import --dry-run" + json, more: []string{whole, differs}})
		w.do(step{args: "import --yes" + json, more: []string{whole, bad, w.path("out")}, exit: 6})
		w.do(step{args: "import - --yes" + json, in: link("Bad", w.bad, "&digits=99"), exit: 6})
		w.do(step{args: "import --yes" + json, more: []string{differs}, exit: 6})
		w.do(step{args: "export --format aegis --force --new-passphrase-fd 4" + json, more: []string{vault}, fds: []string{w.backup}})
		w.do(step{args: "import --yes --file-passphrase-fd 4" + json, more: []string{vault}, fds: []string{w.backup}})
		w.do(step{args: "import --yes --file-passphrase-fd 4" + json, more: []string{vault}, fds: []string{w.first}, exit: 4})
		w.do(step{args: "export --format uris" + json, more: []string{w.path("out/plain.txt")}, exit: 2})
		w.do(step{args: "export --format google-qr --plain --yes --only picture --force" + json, more: []string{w.path("out/move.png")}})
		w.do(step{args: "export --format google-qr --plain --dry-run" + json, more: []string{w.path("out/move.png")}, exit: 6})
	}
	w.do(step{args: "export --format uris --plain --yes", more: []string{w.path("out/plain.txt")}})
	w.do(step{args: "export --format uris --plain --yes -", skip: true})
	given("shred.txt", link("Picture", w.picture, ""))
	w.do(step{args: "import --shred --yes", more: []string{w.path("given/shred.txt")}})
}

// typing makes another recovery key and uses it as a person does, at a terminal.
// It shows the words until they are written down, and nothing that is typed.
func (w *walk) typing() {
	if w.store != "file" {
		return // a terminal here has no keyring
	}
	x := startTerminal(w.t, w.data(), "snapshot", "key")
	x.opened(w.pass)
	x.expect(`\[y/N\] `)
	x.typed("y\n")
	words := x.makesKey("nonsense")
	x.expect("is in use")
	x.exits(0)
	const leave = "\x1b[?1049l"
	before, after, ok := strings.Cut(x.screen(), leave)
	if !ok {
		w.t.Fatal("the words were not hidden")
	}
	w.words = strings.Join(words, " ")
	w.Phrase("the words shown at a terminal", words)
	w.Saw("a terminal that showed the words", []byte(before))
	w.Want("a terminal that showed the words", "the words shown at a terminal")
	w.Saw("a terminal after that", []byte(after))

	typo := slices.Clone(words)
	typo[1] = typo[2]
	x = startTerminal(w.t, w.data(), "snapshot", "restore")
	x.expect("Recovery key .*: ")
	x.typed(strings.Join(typo, " ") + "\n")
	x.expect("Recovery key .*: ")
	x.typed(w.words + "\n")
	x.opened(w.second[:20])
	x.exits(4)
	w.Saw("a terminal where the words were typed", []byte(x.screen()))
	w.calm()
}

func (w *walk) forgetting() {
	words := strings.Fields(w.words)
	words[3] = words[4]
	w.do(step{args: "passphrase forgotten --key-fd 4 --new-passphrase-fd 5", fds: []string{strings.Join(words, " "), w.later}, exit: 4})
	w.do(step{args: "passphrase forgotten --key-fd 4 --new-passphrase-fd 5", fds: []string{w.words, w.later}})
	w.pass = w.later
	w.do(step{args: "code plain", skip: true})
	w.do(step{args: "code plain", pass: w.second, exit: 4})
	w.calm()
	if w.store == "file" {
		w.do(step{args: "passphrase remove", exit: 2})
		return
	}
	w.do(step{args: "passphrase remove --json"})
	w.guarded = false
	w.do(step{args: "code plain", skip: true})
}

// wrongUse gives keys where none is taken. They are in the arguments then, which
// the program cannot help; it must not repeat them.
func (w *walk) wrongUse() {
	uri := link("Lost", w.lost, "")
	for _, c := range []step{
		{args: "add", more: []string{uri}, exit: 2},
		{args: "add", more: []string{w.lost}, exit: 2},
		{args: "add", more: []string{"--" + w.lost}, exit: 2},
		{args: "add", more: []string{"--json=" + w.lost}, exit: 2},
		{args: "", more: []string{w.lost}, exit: 2},
		{args: "", more: []string{strings.ToLower(w.lost)}, exit: 2},
		{args: "snapshot", more: []string{w.lost}, exit: 2},
		{args: "passphrase", more: []string{w.lost}, exit: 2},
		{args: "passphrase set", more: []string{w.lost}, exit: 2},
		{args: "passphrase change", more: []string{"--new-passphrase-fd=" + w.lost}, exit: 2},
		{args: "snapshot restore --key-fd", more: []string{w.lost}, exit: 2},
		{args: "code", more: []string{w.lost}, exit: 3},
		{args: "code", more: []string{uri}, exit: 3},
		{args: "code", more: []string{strings.ToLower(w.lost[:16])}, exit: 3},
		{args: "code", more: []string{w.lost[:4] + " " + w.lost[4:8] + " " + w.lost[8:12] + " " + w.lost[12:16]}, exit: 3},
		{args: "code --at", more: []string{w.lost}, exit: 2},
		{args: "edit plain --period", more: []string{w.lost}, exit: 2},
		{args: "remove --yes", more: []string{w.lost}, exit: 3},
		{args: "snapshot restore", more: []string{w.lost}, exit: 3},
		{args: "import", more: []string{w.lost}, exit: 3},
		{args: "scan", more: []string{w.lost}, exit: 3},
		{args: "import", more: []string{uri}, exit: 2},
		{args: "export x.age", more: []string{"--format", w.lost}, exit: 2},
		{args: "export x.age", more: []string{"--only", w.lost}, exit: 3},
		{args: "list --store", more: []string{w.lost}, exit: 2},
		{args: "help", more: []string{w.lost}},
	} {
		w.do(c)
		c.args += " --json"
		w.do(c)
	}
}

func (w *walk) helping() {
	for _, args := range []string{
		"help", "--help", "help add", "help snapshot", "help passphrase forgotten", "completion bash", "completion zsh", "__complete code p", "__complete code",
		"__complete snapshot restore k", "__complete --da", "tour", "--version",
	} {
		c := step{args: args}
		if strings.HasPrefix(args, "__complete") && !strings.Contains(args, " --") {
			c.more = []string{""}
		}
		w.do(c)
	}
}
