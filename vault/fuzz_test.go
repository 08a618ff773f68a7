// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package vault

import (
	"encoding/json"
	"errors"
	"math"
	"reflect"
	"testing"
	"time"

	"github.com/kutano/authenticator/vault/keystore"
	"github.com/kutano/authenticator/vault/snapshot"
)

// Whatever stands in recovery.json, it is a recovery key's public half or an
// error that says what is wrong; and its fingerprint can be shown.
func FuzzRecovery(f *testing.F) {
	good, err := json.Marshal(recovery{Version: recoveryVersion, Recipient: snapshot.NewKey().Recipient(), Since: testNow.Unix()})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add([]byte(`{"version":2,"recipient":"age1pq1x"}`))
	f.Add([]byte(`{"version":-1,"recipient":"\u0000","since":9223372036854775807}`))
	f.Add([]byte(`[]`))
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := decodeRecovery(b)
		switch {
		case err == nil && r.Recipient == "":
			t.Error("no recipient and no error")
		case err == nil:
			_ = snapshot.Fingerprint(r.Recipient)
			_ = unixTime(r.Since).Format(time.RFC3339)
		case !errors.Is(err, ErrForeignKey) && !errors.Is(err, ErrNewer):
			t.Errorf("unclassed: %v", err)
		}
	})
}

// Whatever unlock.age opens to, it is a key or ErrNoEscrow; no store takes a
// panic or a wrong key from it.
func FuzzEscrow(f *testing.F) {
	f.Add([]byte(`{"format":"kutano-unlock","version":1,"store":"file","key":"AAAA"}`))
	f.Add([]byte(`{"format":"kutano-unlock","version":2,"store":"file","key":"AAAA"}`))
	f.Add([]byte(`{"format":"kutano-unlock","version":1,"store":"keyring","key":"%"}`))
	f.Add([]byte(`{"format":"kutano-unlock","version":1,"store":"file","key":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=="}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, kind := range []keystore.Kind{keystore.File, keystore.Keyring} {
			key, err := decodeEscrow(b, kind)
			if err != nil && !errors.Is(err, ErrNoEscrow) {
				t.Errorf("unclassed: %v", err)
			}
			key.Clear()
		}
	})
}

// Whatever stands in tries.json, nobody waits for more than a minute, and the
// wait ends.
func FuzzTries(f *testing.F) {
	f.Add([]byte(`{"wrong":5,"last":1800000000}`), int64(1800000000))
	f.Add([]byte(`{"wrong":-9223372036854775808,"last":-9223372036854775808}`), int64(math.MaxInt64))
	f.Add([]byte(`{"wrong":9223372036854775807,"last":9223372036854775807}`), int64(math.MinInt64))
	f.Add([]byte(`{`), int64(0))
	f.Fuzz(func(t *testing.T, b []byte, now int64) {
		wait := decodeTries(b).wait(time.Unix(now, 0))
		if wait < 0 || wait > longest {
			t.Errorf("wait %v", wait)
		}
	})
}

// Whatever stands in intake.json, it is a note or an error that says that it is
// none, and it is written as it was read.
func FuzzIntake(f *testing.F) {
	f.Add([]byte(`{"version":1,"at":1800000000,"added":[{"id":"aaaaaaaaaaaa","key":"01020300000000000000000000000000"}],"stay":1}`))
	f.Add([]byte(`{"version":1,"replaced":[{"id":"aaaaaaaaaaaa","old":"bbbbbbbbbbbb"}],"lines":["01"],"order":["x"]}`))
	f.Add([]byte(`{"version":3}`))
	f.Add([]byte(`{"version":1,"added":[{"id":"aaaaaaaaaaaa"},{"id":"aaaaaaaaaaaa"}]}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		n, err := decodeIntake(b)
		if err != nil {
			if !errors.Is(err, ErrNothingToUndo) && !errors.Is(err, ErrNewer) {
				t.Errorf("unclassed: %v", err)
			}
			return
		}
		text, err := n.encode()
		if err != nil {
			t.Fatal(err)
		}
		if again, err := decodeIntake(text); err != nil || !reflect.DeepEqual(again, n) {
			t.Errorf("written, it is %+v, %v", again, err)
		}
	})
}
