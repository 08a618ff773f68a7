// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package remote

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"time"

	"github.com/kutano/authenticator/sync/link"
	"github.com/kutano/authenticator/vault/secret"
)

// device is a code that waits to be typed in a browser (RFC 8628).
type device struct {
	link.Device

	service  *service
	scopes   []link.Scope
	code     secret.Value
	interval time.Duration
}

// Bounds of the time between two questions (RFC 8628, 3.2 and 3.5).
const (
	usualInterval = 5 * time.Second
	mostInterval  = time.Minute
	mostDevice    = time.Hour // that a code is good
)

// Device is of [link.Service].
func (s *service) Device(ctx context.Context, scopes []link.Scope) (link.Device, error) {
	if !s.CanDevice() {
		return link.Device{}, fmt.Errorf("%w: no device_authorization_endpoint", link.ErrStrange)
	}
	a, err := s.client.form(ctx, s.meta.Device, url.Values{"client_id": {link.ClientID}, "scope": {scopeText(scopes)}})
	if err != nil {
		return link.Device{}, err
	}
	defer clear(a.body)
	if err := a.oauth(); err != nil {
		return link.Device{}, err
	}
	d, err := decodeDevice(a.body, s.Address(), s.client.Clock.Now())
	if err != nil {
		return link.Device{}, err
	}
	d.service, d.scopes, d.Wait = s, scopes, d.wait
	return d.Device, nil
}

// decodeDevice reads a device authorization response (RFC 8628, 3.2).
func decodeDevice(body []byte, base string, now time.Time) (*device, error) {
	var v struct {
		DeviceCode string `json:"device_code"`
		UserCode   string `json:"user_code"`
		URI        string `json:"verification_uri"`
		Complete   string `json:"verification_uri_complete"`
		ExpiresIn  int64  `json:"expires_in"`
		Interval   int64  `json:"interval"`
	}
	if err := decodeInto(body, &v); err != nil {
		return nil, err
	}
	switch {
	case v.DeviceCode == "" || len(v.DeviceCode) > mostCode || !shown(v.DeviceCode, mostCode):
		return nil, strange("device_code")
	case v.UserCode == "" || !shown(v.UserCode, 32):
		return nil, strange("user_code")
	case !link.Within(base, v.URI), v.Complete != "" && !link.Within(base, v.Complete):
		return nil, strange("verification_uri")
	case v.ExpiresIn < 1:
		return nil, strange("expires_in")
	}
	if v.Complete == "" {
		v.Complete = v.URI + "?" + url.Values{"user_code": {v.UserCode}}.Encode()
	}
	interval := usualInterval
	if v.Interval > 0 {
		interval = time.Duration(min(v.Interval, int64(mostInterval/time.Second))) * time.Second
	}
	life := time.Duration(min(v.ExpiresIn, int64(mostDevice/time.Second))) * time.Second
	return &device{
		Device: link.Device{UserCode: v.UserCode, Address: v.URI, Complete: v.Complete, Expires: now.Add(life)},
		code:   secret.FromString(v.DeviceCode), interval: interval,
	}, nil
}

func (d *device) wait(ctx context.Context) (link.Permission, error) {
	defer d.code.Clear()
	c := d.service.client
	for {
		if err := c.wait(ctx, d.interval); err != nil {
			return link.Permission{}, fmt.Errorf("wait for the code: %w", err)
		}
		p, err := c.permission(ctx, d.service.meta, url.Values{
			"grant_type": {"urn:ietf:params:oauth:grant-type:device_code"}, "device_code": {string(d.code.Bytes())},
		})
		switch {
		case err == nil:
			return granted(p, d.scopes)
		case errors.Is(err, link.ErrEnded):
			return link.Permission{}, fmt.Errorf("%w: %w", link.ErrExpired, err)
		case !c.Clock.Now().Before(d.Expires):
			return link.Permission{}, link.ErrExpired
		case errors.Is(err, errSlowDown), errors.Is(err, link.ErrUnreachable), errors.Is(err, link.ErrTooMany):
			d.interval = min(d.interval+usualInterval, mostInterval)
		case !errors.Is(err, errPending):
			return link.Permission{}, err
		}
	}
}
