// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package command

import (
	"crypto/tls"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"
)

// certificate is a certificate in files that is read again when they change, so
// that renewing it needs no restart.
type certificate struct {
	cert, key string

	lock    sync.Mutex
	pair    *tls.Certificate
	changed time.Time
}

func newCertificate(cert, key string) (*certificate, error) {
	c := &certificate{cert: cert, key: key}
	if _, err := c.get(nil); err != nil {
		return nil, fmt.Errorf("tls: %w", err)
	}
	return c, nil
}

// config allows TLS 1.3 and, with authenticated ciphers and forward secrecy only,
// TLS 1.2 (OWASP ASVS 5, 12.1.1 and 12.1.2).
func (c *certificate) config() *tls.Config {
	return &tls.Config{
		MinVersion: tls.VersionTLS12, GetCertificate: c.get, NextProtos: []string{"h2", "http/1.1"},
		CipherSuites: []uint16{
			tls.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, tls.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
			tls.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, tls.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
			tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, // HTTP/2 has to have it (RFC 9113, 9.2.2)
		},
	}
}

// get returns the certificate. While the files are being replaced, the one before is good.
func (c *certificate) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	c.lock.Lock()
	defer c.lock.Unlock()
	changed, err := newest(c.cert, c.key)
	if err == nil && (c.pair == nil || !changed.Equal(c.changed)) {
		var pair tls.Certificate
		if pair, err = tls.LoadX509KeyPair(c.cert, c.key); err == nil {
			c.pair, c.changed = &pair, changed
		}
	}
	if c.pair == nil {
		return nil, errors.Join(errors.New("there is no certificate that can be used"), err)
	}
	return c.pair, nil
}

func newest(paths ...string) (time.Time, error) {
	var last time.Time
	for _, p := range paths {
		info, err := os.Stat(p)
		if err != nil {
			return time.Time{}, err
		}
		if info.ModTime().After(last) {
			last = info.ModTime()
		}
	}
	return last, nil
}
