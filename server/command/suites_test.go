// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package command

import (
	"crypto/tls"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
)

// ASVS 12.1.1, 12.1.2: old versions and weak ciphers are not spoken.
func TestOnlyGoodTLS(t *testing.T) {
	pair := httptest.NewTLSServer(http.NotFoundHandler())
	defer pair.Close()
	server := new(certificate).config()
	server.GetCertificate = func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return &pair.TLS.Certificates[0], nil }
	for name, tt := range map[string]struct {
		client *tls.Config
		want   uint16 // 0 refused
	}{
		"any":          {&tls.Config{}, tls.VersionTLS13},
		"TLS 1.2":      {&tls.Config{MaxVersion: tls.VersionTLS12}, tls.VersionTLS12},
		"TLS 1.1":      {&tls.Config{MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11}, 0},
		"CBC":          {&tls.Config{MaxVersion: tls.VersionTLS12, CipherSuites: []uint16{tls.TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA}}, 0},
		"no secrecy":   {&tls.Config{MaxVersion: tls.VersionTLS12, CipherSuites: []uint16{tls.TLS_RSA_WITH_AES_128_GCM_SHA256}}, 0},
		"one good one": {&tls.Config{MaxVersion: tls.VersionTLS12, CipherSuites: []uint16{tls.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384}}, tls.VersionTLS12},
	} {
		t.Run(name, func(t *testing.T) {
			a, b := net.Pipe()
			defer func() { _, _ = a.Close(), b.Close() }()
			go func() { _ = tls.Server(a, server).Handshake() }()
			tt.client.InsecureSkipVerify = true // whose certificate it is does not matter here
			c := tls.Client(b, tt.client)
			if err := c.Handshake(); (err == nil) != (tt.want != 0) || err == nil && c.ConnectionState().Version != tt.want {
				t.Fatalf("%v, %x", err, c.ConnectionState().Version)
			}
		})
	}
}
