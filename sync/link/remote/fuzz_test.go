// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package remote

import (
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/kutano/authenticator/sync/link"
	"github.com/kutano/authenticator/vault/secret"
)

const (
	sampleStatus = `{"enabled":true,"method":"totp","since":"2026-03-02T09:00:00Z","last_used_at":"2026-03-02T09:10:00Z","drift_steps":-1,` +
		`"backup_codes":{"left":9,"all":10,"made_at":"2026-03-02T09:00:00Z","saved":true,"new_advised":true},"failures":0,"blocked":false,` +
		`"pending":{"id":"e1f2a3b4","method":"sms","expires_at":"2026-03-02T09:10:00Z","phone_hint":"+33 ●●●●●● 78","resend_after":60}}`
	sampleEnrolment = `{"id":"e1f2a3b4","method":"totp","expires_at":"2026-03-02T09:10:00Z",` +
		`"key_uri":"otpauth://totp/Kutano:ana%40example.com?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Kutano"}`
	sampleTokens   = `{"access_token":"abc","token_type":"Bearer","expires_in":600,"refresh_token":"def","scope":"status"}`
	sampleDevice   = `{"device_code":"abc","user_code":"BCDF-GHJK","verification_uri":"https://app.kutano.example/oauth/device","expires_in":600,"interval":5}`
	sampleMetadata = `{"issuer":"https://app.kutano.example","authorization_endpoint":"https://app.kutano.example/oauth/authorize",` +
		`"token_endpoint":"https://app.kutano.example/oauth/token","revocation_endpoint":"https://app.kutano.example/oauth/revoke",` +
		`"scopes_supported":["status"],"code_challenge_methods_supported":["S256"],"authorization_response_iss_parameter_supported":true}`
	sampleBase = "https://app.kutano.example"
)

// clean fails where a text could deceive on a screen, or is long.
func clean(t *testing.T, texts ...string) {
	t.Helper()
	for _, s := range texts {
		if len(s) > mostName || strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) || r == '\u202e' }) {
			t.Errorf("%q", s)
		}
	}
}

// whole fails unless an error is one that a caller knows and quotes nothing long.
func whole(t *testing.T, err error, known ...error) bool {
	t.Helper()
	if err == nil {
		return true
	}
	for _, k := range known {
		if errors.Is(err, k) {
			if len(err.Error()) > 300 {
				t.Errorf("a long error: %v", err)
			}
			return false
		}
	}
	t.Errorf("%v", err)
	return false
}

func FuzzStatus(f *testing.F) {
	f.Add(sampleStatus)
	f.Add(`{"enabled":false,"drift_steps":0,"backup_codes":{"left":0,"all":0,"saved":false,"new_advised":false},"failures":0,"blocked":false}`)
	f.Add(`{"enabled":true,"method":"\u202e","backup_codes":null}`)
	f.Fuzz(func(t *testing.T, body string) {
		s, err := decodeStatus([]byte(body))
		if !whole(t, err, link.ErrStrange) {
			return
		}
		clean(t, s.PhoneHint)
		if s.Enabled != (s.Method == link.TOTP || s.Method == link.SMS) || s.Codes.Left < 0 || s.Codes.Left > s.Codes.All || s.Failures < 0 {
			t.Errorf("%+v", s)
		}
		if events := link.Compare(s, s); len(events) > 0 {
			t.Errorf("nothing happened, and it is told %v", events)
		}
	})
}

func FuzzAnswers(f *testing.F) {
	for _, s := range []string{sampleStatus, sampleEnrolment, sampleTokens, sampleDevice, sampleMetadata} {
		f.Add(s, 200, false)
	}
	f.Add(`{"type":"https://x/problems/code-wrong","title":"","status":422,"tries_left":4,"retry_after":9000000000}`, 422, true)
	f.Add(`{"error":"slow_down"}`, 400, false)
	f.Fuzz(func(t *testing.T, body string, status int, problem bool) {
		b := []byte(body)
		if e, err := decodeEnrolment(b, ""); whole(t, err, link.ErrStrange) {
			clean(t, e.ID, e.PhoneHint)
			if (e.Method == link.TOTP) != (e.KeyURI.Len() > 0) || e.Resend < 0 || e.Resend > mostWait {
				t.Errorf("%+v", e)
			}
		}
		if e, err := decodeEnrolled(b, ""); whole(t, err, link.ErrStrange) && (len(e.Codes) == 0 || len(e.Codes) > mostCodes) {
			t.Errorf("%d codes", len(e.Codes))
		}
		if s, err := decodeSent(b); whole(t, err, link.ErrStrange) {
			clean(t, s.PhoneHint)
		}
		if w, err := decodeWho(b); whole(t, err, link.ErrStrange) {
			clean(t, w.ID, w.Email, w.Name)
		}
		now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
		if p, err := decodeTokens(b, sampleBase, now); whole(t, err, link.ErrStrange) {
			v, err := encodePermission(p)
			if err != nil || v.Len() > 1400 || p.Until.Sub(now) > mostLife || !p.Until.After(now) {
				t.Errorf("%d bytes to keep, good until %v, %v", v.Len(), p.Until, err)
			}
			back, err := decodePermission(v)
			if err != nil || !back.Refresh.Equal(p.Refresh) || !back.Access.Equal(p.Access) || back.Address != p.Address || !back.Until.Equal(p.Until) {
				t.Errorf("kept and read: %v", err)
			}
		}
		if d, err := decodeDevice(b, sampleBase, now); whole(t, err, link.ErrStrange) {
			clean(t, d.UserCode)
			if !link.Within(sampleBase, d.Address) || !link.Within(sampleBase, d.Complete) || d.interval <= 0 || d.Expires.Sub(now) > mostDevice {
				t.Errorf("%+v", d)
			}
		}
		if m, err := decodeMetadata(b, sampleBase); whole(t, err, link.ErrNotService) {
			for _, one := range []string{m.Authorize, m.Token, m.Revoke} {
				if u, err := url.Parse(one); err != nil || u.Host != "app.kutano.example" || u.Scheme != "https" {
					t.Errorf("leads to %q", one)
				}
			}
		}
		a := answer{status: status, body: b, problem: problem}
		if a.refused() == nil {
			t.Error("a refusal is none")
		}
		var wait *link.WaitError
		if errors.As(a.refused(), &wait) && (wait.Wait <= 0 || wait.Wait > mostWait) {
			t.Errorf("wait %v", wait.Wait)
		}
	})
}

func FuzzFile(f *testing.F) {
	f.Add(`{"version":1,"address":"https://app.kutano.example","who":{"id":"a","email":"ana@example.com","name":"Ana"},"scopes":["status"],"seen":` + sampleStatus + `}`)
	f.Add(`{"version":2}`)
	f.Fuzz(func(t *testing.T, body string) {
		x, err := decodeFile([]byte(body))
		if !whole(t, err, link.ErrUnreadable, link.ErrNewer) || x.Address == "" {
			return
		}
		l := x.linked()
		clean(t, l.Who.Email, l.Who.Name, l.Address)
	})
}

func FuzzPermission(f *testing.F) {
	f.Add(`{"version":1,"address":"https://app.kutano.example","scopes":["status"],"made":1,"until":2,"refresh":"abc","access":"def"}`)
	f.Add(`{"version":9}`)
	f.Fuzz(func(t *testing.T, text string) {
		p, err := decodePermission(secret.FromString(text))
		if whole(t, err, link.ErrUnreadable, link.ErrNewer, link.ErrNotLinked) && (p.Refresh.Len() == 0 || p.Access.Len() == 0 || len(p.Scopes) == 0) {
			t.Error("half a permission")
		}
	})
}

func FuzzRedirect(f *testing.F) {
	f.Add("code=abc&state=s&iss=https%3A%2F%2Fapp.kutano.example")
	f.Add("error=access_denied&state=s&iss=https%3A%2F%2Fapp.kutano.example")
	f.Add("code=abc&code=def&state=s")
	f.Fuzz(func(t *testing.T, query string) {
		r := redirect{state: "s", issuer: sampleBase}
		v, _ := url.ParseQuery(query)
		got, ok := r.read(v)
		if !ok {
			return
		}
		if v.Get("state") != "s" || v.Get("iss") != sampleBase || (got.code == "") == (got.err == nil) {
			t.Errorf("%q was taken: %+v", query, got)
		}
	})
}

const sampleSubject = `{"user":{"id":"5f0c","email":"ana@example.com","name":"Ana","role":"user"},"two_factor":` + sampleStatus + `,"sessions":1,` +
	`"call_back":"+33 ●●●●●● 78","call_back_ok":true,"may":["look-up","unlock","suspend"],"may_not":{"reset":"forbidden"},"cases":[{"id":"c0ffee","user_id":"5f0c",` +
	`"user_name":"Ana","action":"reset","by":"Bo","by_id":"77aa","reason":"Lost it\nthere","checks":["called-back","by-a-later-version"],"state":"waiting",` +
	`"created_at":"2026-03-02T09:00:00Z","audit_id":1742}]}`

func FuzzDesk(f *testing.F) {
	f.Add(sampleSubject)
	f.Add(`{"users":[{"id":"5f0c","email":"ana@example.com","name":"Ana","role":"user"}]}`)
	f.Add(`{"audit_id":1742,"case_id":"c0ffee","bypass_code":"BCDFGHJK","expires_at":"2026-03-02T09:15:00Z","waiting":false}`)
	f.Fuzz(func(t *testing.T, body string) {
		if s, err := decodeSubject([]byte(body), "77aa"); whole(t, err, link.ErrStrange) {
			clean(t, s.Who.Name, s.Who.Email, s.CallBack)
			for _, a := range s.May {
				if s.MayNot[a] != "" {
					t.Errorf("%s may and may not", a)
				}
			}
			for _, c := range s.Cases {
				clean(t, c.By)
				if len(c.Reason) > mostReason || strings.ContainsAny(c.Reason, "\n\u202e") {
					t.Errorf("%+v", c)
				}
			}
		}
		if all, err := decodeFound([]byte(body)); whole(t, err, link.ErrStrange) {
			for _, s := range all {
				clean(t, s.Who.Name, s.Who.Email)
			}
		}
		for _, a := range acts {
			d, err := decodeDeed([]byte(body), a)
			if whole(t, err, link.ErrStrange) && (d.Audit < 1 || a != link.ActBypass && d.Bypass.Len() > 0 || d.Repeated && d.Bypass.Len() > 0) {
				t.Errorf("%s: %+v", a, d)
			}
		}
	})
}

// A user's name, or what another agent wrote, keeps nobody from being helped: what moves or
// hides letters is not shown, the rest is. Names are written so in Persian and in Malayalam.
func TestSubjectWithOddTexts(t *testing.T) {
	long := strings.Repeat("\u0915", 100) // what the service takes for a name
	for name, want := range map[string]string{
		`\u0646\u06cc\u0645\u200c\u062e`: "\u0646\u06cc\u0645\u062e", `Ana\u202enimda`: "Ana\ufffdnimda", `Ana\u0000\nB`: "Ana\ufffd B", long: long,
	} {
		body := strings.Replace(sampleSubject, `"name":"Ana"`, `"name":"`+name+`"`, 1)
		body = strings.Replace(strings.Replace(body, "Lost it", "Lost "+name, 1), `"by":"Bo"`, `"by":"`+name+`"`, 1)
		s, err := decodeSubject([]byte(body), "77aa")
		if err != nil || s.Who.Name != want || s.Cases[0].By != want || s.Cases[0].Reason != "Lost "+want+" there" {
			t.Errorf("%s: %+v, %v", name, s, err)
		}
		all, err := decodeFound([]byte(`{"users":[{"id":"5f0c","email":"ana@example.com","name":"` + name + `","role":"user"}]}`))
		if err != nil || len(all) != 1 || all[0].Who.Name != want {
			t.Errorf("%s: %+v, %v", name, all, err)
		}
		if w, err := decodeWho([]byte(`{"id":"5f0c","email":"ana@example.com","name":"` + name + `"}`)); err != nil || w.Name != want {
			t.Errorf("%s: %+v, %v", name, w, err)
		}
	}
	if _, err := decodeWho([]byte(`{"id":"5f0c","email":"ana\u202e@example.com","name":"Ana"}`)); err == nil {
		t.Error("an address that deceives")
	}
}

func TestSubject(t *testing.T) {
	s, err := decodeSubject([]byte(sampleSubject), "77aa")
	if err != nil || len(s.May) != 2 || s.MayNot[link.ActReset] != "forbidden" || len(s.Cases) != 1 {
		t.Fatalf("%+v, %v", s, err)
	}
	if c := s.Cases[0]; !c.Mine || c.Reason != "Lost it there" || len(c.Checks) != 1 || c.Audit != 1742 {
		t.Errorf("%+v", c)
	}
	if s, err = decodeSubject([]byte(sampleSubject), "5f0c"); err != nil || s.Cases[0].Mine {
		t.Errorf("another's case is mine: %v", err)
	}
	if _, err := decodeSubject([]byte(strings.Replace(sampleSubject, `"role":"user"`, `"role":"emperor"`, 1)), ""); err == nil {
		t.Error("a role that is not known might be one that is protected")
	}
}
