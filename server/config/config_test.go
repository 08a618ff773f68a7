// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package config

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/kutano/authenticator/server/seal"
)

// good is a configuration that passes.
const good = `base_url = "https://app.example.com"
behind_proxy = true
[database]
dsn = "sqlite:/tmp/kutano.db"
[keys]
files = ["/tmp/key"]
[smtp]
host = "mail.example.com"
from = "no-reply@example.com"
[sms]
account = "AC1"
token_file = "/tmp/token"
from = "+4915112345678"
`

func TestExampleIsRight(t *testing.T) {
	c, err := Load(filepath.Join("..", "docs", "kutano-2fa.toml"))
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Check(); err != nil {
		t.Fatal(err)
	}
	if c.SMTP.Port != 587 || c.Google.ClientID == "" || c.SMS.Account == "" || len(c.Proxies()) != 1 || !c.Encrypted() {
		t.Errorf("the example was not read whole: %+v", c)
	}
}

func TestDefaults(t *testing.T) {
	c, err := Parse(good)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Check(); err != nil {
		t.Fatal(err)
	}
	if c.Address != "127.0.0.1:8080" || c.MetricsAddress != "127.0.0.1:9464" || c.Workspace != "Kutano" || c.SMTP.Port != 587 || c.SMTP.TLS != StartTLS {
		t.Errorf("%+v", c)
	}
}

func TestParseNamesTheLine(t *testing.T) {
	for name, tt := range map[string]struct{ text, want string }{
		"unknown":          {"workspace = \"K\"\n\nworkspaec = \"K\"\n", `line 3: there is no setting "workspaec"`},
		"unknown in table": {"[smtp]\nhost = \"m\"\n# x\npasword_file = \"p\"\n", `line 4: there is no setting "smtp.pasword_file"`},
		"unknown table":    {"address = \"127.0.0.1:1\"\n[smpt] # mail\nhost = \"m\"\n", `line 2: there is no setting "smpt`},
		"twice":            {"address = \"a\"\naddress = \"b\"\n", "line 2"},
		"no TOML":          {"address = \n", "line 1"},
		"wrong type":       {"[smtp]\nport = \"many\"\n", "line 2"},
		"secret in place":  {"[smtp]\npassword = \"hunter2hunter2\"\n", `line 2: there is no setting "smtp.password"`},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Parse(tt.text)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Fatalf("got %v, want %q", err, tt.want)
			}
			if strings.Contains(err.Error(), "hunter2") {
				t.Error("the error quotes a secret")
			}
		})
	}
	if _, err := Parse("a = hunter2\n"); err == nil || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("the error quotes what stands there: %v", err)
	}
}

func TestCheckRefuses(t *testing.T) {
	for name, tt := range map[string]struct {
		change func(*Config)
		want   string // "" passes
	}{
		"http for others":           {func(c *Config) { c.Address, c.BehindProxy = "0.0.0.0:80", false }, "in the clear"},
		"http by a name":            {func(c *Config) { c.Address, c.BehindProxy = "localhost:80", false }, "in the clear"},
		"http on all addresses":     {func(c *Config) { c.Address, c.BehindProxy = ":8080", false }, "in the clear"},
		"http on loopback":          {func(c *Config) { c.Address, c.BehindProxy = "[::1]:8080", false }, ""},
		"http behind a proxy":       {func(c *Config) { c.Address = "0.0.0.0:8080" }, ""},
		"TLS":                       {func(c *Config) { c.Address, c.BehindProxy, c.TLS = ":443", false, TLS{"c", "k"} }, ""},
		"half of TLS":               {func(c *Config) { c.TLS.Certificate = "c" }, "belong together"},
		"no port":                   {func(c *Config) { c.Address = "127.0.0.1" }, "looks like"},
		"no base":                   {func(c *Config) { c.BaseURL = "" }, "base_url"},
		"base with a path":          {func(c *Config) { c.BaseURL = "https://a.example/2fa" }, "base_url"},
		"base by http":              {func(c *Config) { c.BaseURL = "http://app.example.com" }, "https"},
		"base at home":              {func(c *Config) { c.BaseURL = "http://127.0.0.1:8080" }, ""},
		"no proxy's address":        {func(c *Config) { c.TrustedProxies = []string{"proxy"} }, "trusted_proxies"},
		"everyone is a proxy":       {func(c *Config) { c.TrustedProxies = []string{"0.0.0.0/0"} }, "everyone"},
		"no database":               {func(c *Config) { c.Database.DSN = "" }, "database"},
		"two databases":             {func(c *Config) { c.Database.File = "x" }, "database"},
		"password in the address":   {func(c *Config) { c.Database.DSN = "postgres://u:hunter2@h/d" }, "dsn_file"},
		"password as a parameter":   {func(c *Config) { c.Database.DSN = "postgres://u@h/d?password=hunter2" }, "dsn_file"},
		"no mail":                   {func(c *Config) { c.SMTP.Host = "" }, "smtp.host"},
		"no sender":                 {func(c *Config) { c.SMTP.From = "" }, "smtp.from"},
		"mail in the clear":         {func(c *Config) { c.SMTP.TLS = None }, "in the clear"},
		"mail in the clear at home": {func(c *Config) { c.SMTP.TLS, c.SMTP.Host = None, "127.0.0.1" }, ""},
		"another TLS":               {func(c *Config) { c.SMTP.TLS = "maybe" }, "one of"},
		"user without password":     {func(c *Config) { c.SMTP.Username = "u" }, "belong together"},
		"port":                      {func(c *Config) { c.SMTP.Port = 70000 }, "65535"},
		"password in the clear":     {func(c *Config) { c.SMTP = SMTP{"127.0.0.1", 25, "a@b.example", "u", "f", None} }, "without TLS"},
		"no SMS":                    {func(c *Config) { c.SMS = SMS{} }, "two methods"},
		"half of SMS":               {func(c *Config) { c.SMS.TokenFile = "" }, "two methods"},
		"SMS in the clear":          {func(c *Config) { c.SMS.URL = "http://sms.example/Messages.json" }, "https"},
		"SMS elsewhere":             {func(c *Config) { c.SMS.URL = "https://sms.example/v1" }, "looks like"},
		"SMS at home":               {func(c *Config) { c.SMS.URL = "http://127.0.0.1:1/Messages.json" }, ""},
		"client without secret":     {func(c *Config) { c.Google.ClientID = "id" }, "client_secret_file"},
		"secret without client":     {func(c *Config) { c.Apple.ClientSecretFile = "f" }, "client_id"},
		"issuer in the clear":       {func(c *Config) { c.Google = Provider{"http://issuer.example", "id", "f"} }, "https"},
		"no name":                   {func(c *Config) { c.Workspace = " " }, "workspace"},
		"a colon in the name":       {func(c *Config) { c.Workspace = "a:b" }, "workspace"},
		"no country":                {func(c *Config) { c.PhoneRegion = "XX" }, "phone_region"},
		"fewer texts than none":     {func(c *Config) { c.TextsPerHour = -1 }, "texts_per_hour"},
		"a country":                 {func(c *Config) { c.PhoneRegion = "KE" }, ""},
		"a factor of some":          {func(c *Config) { c.RequireSecondFactor = "some" }, "require_second_factor"},
		"a factor of all":           {func(c *Config) { c.RequireSecondFactor = OfAll }, ""},
		"host with a path":          {func(c *Config) { c.SMSHost = "a/b" }, "sms_host"},
	} {
		t.Run(name, func(t *testing.T) {
			c, err := Parse(good)
			if err != nil {
				t.Fatal(err)
			}
			tt.change(&c)
			err = c.Check()
			if (tt.want == "") != (err == nil) || err != nil && !strings.Contains(err.Error(), tt.want) {
				t.Fatalf("got %v, want %q", err, tt.want)
			}
			if err != nil && strings.Contains(err.Error(), "hunter2") {
				t.Error("the error tells a password")
			}
		})
	}
}

func TestKeys(t *testing.T) {
	key := bytes.Repeat([]byte{0xfb}, seal.KeySize)
	for name, tt := range map[string]struct {
		text string
		ok   bool
	}{
		"hex":       {hex.EncodeToString(key) + "\n", true},
		"base64":    {base64.StdEncoding.EncodeToString(key), true},
		"url":       {base64.RawURLEncoding.EncodeToString(key), true},
		"commented": {"# made today\n" + base64.StdEncoding.EncodeToString(key) + "\n", true},
		"two":       {hex.EncodeToString(key) + "\n" + hex.EncodeToString(key), false},
		"short":     {hex.EncodeToString(key[1:]), false},
		"raw":       {string(key), false},
		"empty":     {"", false},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := ParseKey(tt.text)
			if (err == nil) != tt.ok || tt.ok && !bytes.Equal(got, key) {
				t.Fatalf("got %x, %v", got, err)
			}
		})
	}
}

func write(t *testing.T, name, text string, mode os.FileMode) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestSecretFiles(t *testing.T) {
	key := hex.EncodeToString(bytes.Repeat([]byte{1}, seal.KeySize))
	other := hex.EncodeToString(bytes.Repeat([]byte{2}, seal.KeySize))
	t.Run("several, the first in use", func(t *testing.T) {
		c := Config{Keys: Keys{Files: []string{write(t, "a", key, 0o600), write(t, "b", other, 0o640)}}}
		both, err := c.OpenKeys()
		if err != nil {
			t.Fatal(err)
		}
		c.Keys.Files = c.Keys.Files[:1]
		one, err := c.OpenKeys()
		if err != nil || one.Current() != both.Current() {
			t.Fatalf("the first is not in use, %v", err)
		}
	})
	t.Run("readable by others", func(t *testing.T) {
		if runtime.GOOS == "windows" {
			t.Skip("Windows keeps no such modes, and the check of them is off there")
		}
		c := Config{Keys: Keys{Files: []string{write(t, "a", key, 0o644)}}}
		if _, err := c.OpenKeys(); err == nil || !strings.Contains(err.Error(), "chmod 600") {
			t.Fatalf("got %v", err)
		}
	})
	t.Run("from the environment, as a path", func(t *testing.T) {
		t.Setenv(KeyFile, write(t, "a", key, 0o600))
		if _, err := new(Config).OpenKeys(); err != nil {
			t.Fatal(err)
		}
	})
	t.Run("a credential of systemd", func(t *testing.T) {
		t.Setenv("CREDENTIALS_DIRECTORY", filepath.Dir(write(t, "key", key, 0o400)))
		c := Config{Keys: Keys{Files: []string{"credential:key"}}}
		if _, err := c.OpenKeys(); err != nil {
			t.Fatal(err)
		}
		c.Keys.Files[0] = "credential:../key"
		if _, err := c.OpenKeys(); err == nil {
			t.Fatal("a path out of the folder was taken")
		}
	})
	t.Run("none, empty, long, folder", func(t *testing.T) {
		for _, path := range []string{
			"", filepath.Join(t.TempDir(), "none"), write(t, "empty", " \n", 0o600),
			write(t, "long", strings.Repeat("x", secretMost+1), 0o600), t.TempDir(),
		} {
			if _, err := Secret("x", path); err == nil {
				t.Errorf("%q was taken", path)
			}
		}
	})
	t.Run("the address of the database", func(t *testing.T) {
		c := Config{Database: Database{File: write(t, "dsn", "postgres://u:hunter2@h/d\n", 0o600)}}
		if got, err := c.DSN(); err != nil || got != "postgres://u:hunter2@h/d" {
			t.Fatalf("got %q, %v", got, err)
		}
	})
	t.Run("providers", func(t *testing.T) {
		c := Defaults()
		c.Google.ClientID, c.Google.ClientSecretFile = "id", write(t, "s", "secret\n", 0o600)
		got, err := c.Providers()
		if err != nil || len(got) != 1 || got[0].Name != "google" || got[0].ClientSecret != "secret" {
			t.Fatalf("got %v, %v", len(got), err)
		}
	})
}

func FuzzParse(f *testing.F) {
	f.Add(good)
	f.Add("a = [[[\n[x]\ny.z = 1")
	f.Fuzz(func(t *testing.T, text string) {
		c, err := Parse(text)
		if err == nil {
			_ = c.Check() // must not panic
		}
	})
}

func FuzzParseKey(f *testing.F) {
	f.Add(strings.Repeat("ab", seal.KeySize))
	f.Add("# x\n" + strings.Repeat("A", 43) + "=")
	f.Fuzz(func(t *testing.T, text string) {
		if key, err := ParseKey(text); err == nil && len(key) != seal.KeySize {
			t.Fatalf("a key of %d bytes", len(key))
		}
	})
}
