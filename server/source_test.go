// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package server

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// source is a file of the service.
type source struct {
	path string
	set  *token.FileSet
	tree *ast.File
}

// sources are all files of the service, parsed.
func sources(t *testing.T) []source {
	t.Helper()
	var all []source
	set := token.NewFileSet()
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") {
			return err
		}
		tree, err := parser.ParseFile(set, path, nil, parser.SkipObjectResolution)
		all = append(all, source{filepath.ToSlash(path), set, tree})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 30 {
		t.Fatalf("only %d files were found", len(all))
	}
	return all
}

// product are the files that are built into the program.
func product(t *testing.T) []source {
	t.Helper()
	return slices.DeleteFunc(sources(t), func(s source) bool {
		return strings.HasSuffix(s.path, "_test.go") || slices.ContainsFunc(
			[]string{"dbtest/", "bench/", "walk/"}, func(room string) bool { return strings.HasPrefix(s.path, room) })
	})
}

// shunned are packages that the program does without, each with its reason. A
// folder of ours in but may import it.
var shunned = []struct{ path, reason, but string }{
	{"os/exec", "the service starts no program, so no input reaches a shell (ASVS 1.2.5)", ""},
	{"unsafe", "memory is Go's business (ASVS 1.4.1)", ""},
	{"text/template", "pages are escaped by html/template; mails are plain text (ASVS 1.2.1)", "notice/"},
	{"encoding/xml", "no XML is read (ASVS 1.5.1)", ""},
	{"encoding/gob", "only JSON into fixed types is read (ASVS 1.5.2)", ""},
	{"math/rand", "all that is random comes from crypto/rand (ASVS 11.5.1)", ""},
	{"math/rand/v2", "all that is random comes from crypto/rand (ASVS 11.5.1)", ""},
	{"net/http/pprof", "nothing for debugging is served (ASVS 13.4.2)", ""},
	{"expvar", "nothing for debugging is served (ASVS 13.4.2)", ""},
	{"crypto/md5", "broken (ASVS 11.4.1)", ""},
	{"crypto/sha1", "only inside TOTP, RFC 6238 (ASVS 11.4.1)", "otp/"},
	{"crypto/des", "broken (ASVS 11.3.2)", ""},
	{"crypto/rc4", "broken (ASVS 11.3.2)", ""},
	{"crypto/cipher", "sealing is the business of one room (ASVS 11.3.2)", "seal/"},
}

// ASVS 1.2.5, 1.4.1, 1.5.1, 1.5.2, 11.3.2, 11.4.1, 11.5.1, 13.4.2.
func TestShunnedPackages(t *testing.T) {
	for _, f := range product(t) {
		for _, i := range f.tree.Imports {
			path, err := strconv.Unquote(i.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			for _, s := range shunned {
				if path == s.path && (s.but == "" || !strings.HasPrefix(f.path, s.but)) {
					t.Errorf("%s imports %s: %s", f.path, path, s.reason)
				}
			}
		}
	}
}

// shortCuts are names of things that would be taken for a reason that never holds here.
var shortCuts = map[string]string{
	"InsecureSkipVerify":         "who answers by TLS must show a certificate (ASVS 12.3.2)",
	"InsecureSkipSignatureCheck": "ID tokens are signed (ASVS 6.8.2)",
	"InsecureIssuerURLContext":   "an issuer is who it says (ASVS 10.5.3)",
	"SkipIssuerCheck":            "an issuer is who it says (ASVS 10.5.3)",
	"SkipClientIDCheck":          "an ID token is for this service (ASVS 10.5.4)",
	"SkipExpiryCheck":            "an ID token is for now (ASVS 9.2.1)",
	"FileServer":                 "it lists folders (ASVS 13.4.3)",
	"FileServerFS":               "it lists folders (ASVS 13.4.3)",
}

// ASVS 6.8.2, 9.2.1, 10.5.3, 10.5.4, 12.3.2, 13.4.3.
func TestNoShortCuts(t *testing.T) {
	for _, f := range product(t) {
		ast.Inspect(f.tree, func(n ast.Node) bool {
			// The store reads InsecureSkipVerify, to refuse it.
			if id, ok := n.(*ast.Ident); ok && shortCuts[id.Name] != "" && f.path != "store/postgres.go" {
				t.Errorf("%s: %s: %s", f.set.Position(id.Pos()), id.Name, shortCuts[id.Name])
			}
			return true
		})
	}
}
