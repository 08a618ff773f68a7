// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build unix

package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/kutano/authenticator/server/otp"
)

// warm is how many verifications go before those that count.
const warm = 500

// point measures at the present number of users.
func (p plan) point(ctx context.Context, s seeder, instances []*instance) (result, error) {
	n := min(p.requests+warm, s.have)
	if err := settle(ctx); err != nil {
		return result{}, err
	}
	visits, err := s.wait(ctx, rand.Perm(s.have)[:n])
	if err != nil {
		return result{}, err
	}
	before := min(warm, n/4)
	if _, err := p.drive(ctx, visits[:before], instances); err != nil {
		return result{}, err
	}
	spent := s.spent(instances)
	r, err := p.drive(ctx, visits[before:], instances)
	r.service, r.engine = spent()
	return r, err
}

// settle lets the database write down what seeding left, and waits for the next
// time step: a user who signed in a moment ago has no new code before it.
func settle(ctx context.Context) error {
	next := time.Unix((otp.Step(time.Now().Add(3*time.Second))+1)*int64(otp.Period/time.Second), 0)
	return pause(ctx, time.Until(next))
}

// result is what one point brought.
type result struct {
	database         string
	instances, users int
	seeded           time.Duration
	took             time.Duration
	each             []time.Duration // sorted
	refused          map[int]int     // statuses other than 200
	idle, loaded     float64         // MiB, of the instance that has most
	// service and engine are the processor time of all instances and of PostgreSQL.
	service, engine time.Duration
}

// drive verifies the codes of all visits, as fast as it goes.
func (p plan) drive(ctx context.Context, visits []visit, instances []*instance) (result, error) {
	work := make(chan visit, len(visits))
	for _, v := range visits {
		work <- v
	}
	close(work)
	var lock sync.Mutex
	r := result{refused: map[int]int{}}
	var failed error
	var all sync.WaitGroup
	began := time.Now()
	for c := range p.connections {
		all.Go(func() {
			each, refused, err := worker(ctx, instances[c%len(instances)].address, work)
			lock.Lock()
			defer lock.Unlock()
			r.each = append(r.each, each...)
			for status, n := range refused {
				r.refused[status] += n
			}
			if err != nil {
				failed = err
			}
		})
	}
	all.Wait()
	r.took = time.Since(began)
	slices.Sort(r.each)
	return r, failed
}

// worker is one connection, which is kept alive as a proxy keeps it.
func worker(ctx context.Context, address string, work <-chan visit) (each []time.Duration, refused map[int]int, err error) {
	refused = map[int]int{}
	conn, err := net.Dial("tcp", address)
	if err != nil {
		return nil, nil, err
	}
	defer func() { _ = conn.Close() }()
	answers := bufio.NewReader(conn)
	for v := range work {
		if ctx.Err() != nil {
			return each, refused, ctx.Err()
		}
		code, err := otp.Code(secretOf(v.user), otp.Step(time.Now()))
		if err != nil {
			return each, refused, err
		}
		body := `{"method":"totp","code":"` + code + `"}`
		request := fmt.Sprintf("POST /v1/second-factor/verify HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\n"+
			"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", address, v.token, len(body), body)
		began := time.Now()
		status, err := exchange(conn, answers, request)
		if err != nil {
			return each, refused, err
		}
		each = append(each, time.Since(began))
		if status != http.StatusOK {
			refused[status]++
		}
	}
	return each, refused, nil
}

func exchange(conn net.Conn, answers *bufio.Reader, request string) (status int, err error) {
	if _, err := io.WriteString(conn, request); err != nil {
		return 0, err
	}
	r, err := http.ReadResponse(answers, nil)
	if err != nil {
		return 0, err
	}
	if _, err := io.Copy(io.Discard, r.Body); err != nil {
		return 0, err
	}
	return r.StatusCode, r.Body.Close()
}

// at is the latency that a share of the requests did not exceed, in milliseconds.
func (r result) at(share float64) float64 {
	if len(r.each) == 0 {
		return 0
	}
	return float64(r.each[min(int(share*float64(len(r.each))), len(r.each)-1)].Microseconds()) / 1000
}

func printHead() {
	fmt.Println("| database | instances | users | verifications/s | p50 ms | p99 ms | max ms | not accepted | CPU ms each: service | database | MiB idle | MiB loaded |")
	fmt.Println("|---|---|---|---|---|---|---|---|---|---|---|---|")
}

func (r result) print() {
	n := max(1, float64(len(r.each)))
	fmt.Printf("| %s | %d | %d | %.0f | %.1f | %.1f | %.1f | %s | %.2f | %.2f | %.0f | %.0f |\n", r.database, r.instances, r.users,
		float64(len(r.each))/r.took.Seconds(), r.at(0.5), r.at(0.99), r.at(1), r.answers(),
		r.service.Seconds()*1000/n, r.engine.Seconds()*1000/n, r.idle, r.loaded)
}

// answers says which statuses other than 200 came, and how often.
func (r result) answers() string {
	if len(r.refused) == 0 {
		return "none"
	}
	var all []string
	for _, status := range slices.Sorted(maps.Keys(r.refused)) {
		all = append(all, fmt.Sprintf("%d: %d", status, r.refused[status]))
	}
	return strings.Join(all, ", ")
}
