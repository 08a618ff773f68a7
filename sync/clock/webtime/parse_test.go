// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package webtime

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestAddress(t *testing.T) {
	for _, tc := range []struct{ in, want string }{
		{"example.com", "https://example.com/"},
		{"example.com:8443", "https://example.com:8443/"},
		{"https://example.com/a/b?c=d", "https://example.com/a/b?c=d"},
		{"https://example.com/#top", "https://example.com/"},
		{"192.0.2.1", "https://192.0.2.1/"},
		{"2001:db8::1", "https://[2001:db8::1]/"},
		{"[2001:db8::1]:443", "https://[2001:db8::1]:443/"},
		{"http://example.com/", ""},
		{"http://127.0.0.1/", ""},
		{"https://user:word@example.com/", ""},
		{"ftp://example.com/", ""},
		{"exa mple.com", ""},
		{"https://", ""},
		{"", ""},
	} {
		u, err := address(tc.in)
		if tc.want == "" {
			if !errors.Is(err, ErrAddress) {
				t.Errorf("%q: %v, %v", tc.in, u, err)
			}
		} else if err != nil || u.String() != tc.want {
			t.Errorf("%q: %v, %v", tc.in, u, err)
		}
	}
}

func TestServiceAddress(t *testing.T) {
	for _, tc := range []struct{ in, want string }{
		{"https://2fa.example.com", "https://2fa.example.com/v1/time"},
		{"https://2fa.example.com/", "https://2fa.example.com/v1/time"},
		{"https://example.com/2fa/", "https://example.com/2fa/v1/time"},
		{"http://127.0.0.1:8080", "http://127.0.0.1:8080/v1/time"},
		{"http://[::1]:8080", "http://[::1]:8080/v1/time"},
		{"http://localhost:8080", "http://localhost:8080/v1/time"},
		{"http://2fa.example.com", ""},
		{"http://127.0.0.1.example.com", ""},
		{"2fa.example.com", ""},
		{"", ""},
	} {
		u, err := serviceAddress(tc.in)
		if tc.want == "" {
			if !errors.Is(err, ErrAddress) {
				t.Errorf("%q: %v, %v", tc.in, u, err)
			}
		} else if err != nil || u.String() != tc.want {
			t.Errorf("%q: %v, %v", tc.in, u, err)
		}
	}
}

func TestParseDate(t *testing.T) {
	for _, tc := range []struct {
		in   string
		want int64 // Unix time, -1 for none
	}{
		{"Sun, 06 Nov 1994 08:49:37 GMT", 784111777}, // RFC 9110, section 5.6.7
		{"Thu, 07 Feb 2036 06:28:16 GMT", 2085978496},
		{"Sun, 07 Feb 2106 06:28:16 GMT", 4294967296},
		{"Thu, 01 Jan 1970 00:00:00 GMT", 0},
		{"Wed, 31 Dec 1969 23:59:59 GMT", -1},
		{"Wed, 01 Jan 2200 00:00:00 GMT", -1},
		{"Mon, 06 Nov 1994 08:49:37 GMT", -1}, // it was a Sunday
		{"Sun, 06 Nov 1994 08:49:37.5 GMT", -1},
		{"Sun, 06 Nov 1994 08:49:37 CET", -1},
		{"Sunday, 06-Nov-94 08:49:37 GMT", -1},
		{"Sun Nov  6 08:49:37 1994", -1},
		{"Sat, 31 Dec 2016 23:59:60 GMT", -1},
		{"0", -1},
		{"", -1},
	} {
		got, err := parseDate(tc.in)
		if tc.want == -1 {
			if !errors.Is(err, ErrNotTime) {
				t.Errorf("%q: %v, %v", tc.in, got, err)
			}
		} else if err != nil || got.Unix() != tc.want {
			t.Errorf("%q: %v, %v", tc.in, got, err)
		}
	}
}

func TestParseUnix(t *testing.T) {
	for _, tc := range []struct {
		in   string
		want int64
	}{
		{`{"unix_ms": 1790000000123}`, 1790000000123},
		{`{"unix_ms":4294967296000,"more":true}`, 4294967296000},
		{`{"unix_ms": -1}`, -1},
		{`{"unix_ms": 9223372036854775807}`, -1},
		{`{"unix_ms": 1e400}`, -1},
		{`{"unix_ms": "1790000000123"}`, -1},
		{`{"unix_ms": 1790000000123.5}`, -1},
		{`{"unix_ms": null}`, -1},
		{`{"unix": 1790000000}`, -1},
		{`{"unix_ms": 1790000000123} {}`, -1},
		{`[]`, -1},
		{`<html>`, -1},
		{``, -1},
		{`{"unix_ms": 1790000000123` + strings.Repeat(" ", maxBody) + `}`, -1},
	} {
		got, err := parseUnix([]byte(tc.in))
		if tc.want == -1 {
			if !errors.Is(err, ErrNotTime) {
				t.Errorf("%.60q: %v, %v", tc.in, got, err)
			}
		} else if err != nil || got.UnixMilli() != tc.want {
			t.Errorf("%.60q: %v, %v", tc.in, got, err)
		}
	}
}

func FuzzDate(f *testing.F) {
	for _, s := range []string{"Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994", "Sun, 07 Feb 2106 06:28:16 GMT", ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := parseDate(text)
		if err == nil && (got.Format(http.TimeFormat) != text || got.Year() < firstYear || got.Year() >= endYear) {
			t.Errorf("%q is %v", text, got)
		}
		if err != nil && (!errors.Is(err, ErrNotTime) || len(err.Error()) > 300) {
			t.Error(err)
		}
	})
}

func FuzzServiceTime(f *testing.F) {
	for _, s := range []string{`{"unix_ms": 1790000000123}`, `{"unix_ms": -1}`, `{"unix_ms": 1e3}`, `{"UNIX_MS": 1}`, `[]`, ``} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		got, err := parseUnix(body)
		if err == nil && (got.Before(time.Unix(0, 0)) || got.Year() >= endYear || got.Location() != time.UTC) {
			t.Errorf("%q is %v", body, got)
		}
		if err != nil && (!errors.Is(err, ErrNotTime) || len(err.Error()) > 300) {
			t.Error(err)
		}
	})
}
