// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package service

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"
)

// Grace is how long requests may take to finish once the service is told to stop.
const Grace = 20 * time.Second

// Door is a server with what it listens at.
type Door struct {
	net.Listener
	*http.Server
}

// Serve serves and Runs until ctx ends or a listener fails. Then it takes no new
// requests, and lets those that are under way finish within Grace.
func (s *Service) Serve(ctx context.Context, doors ...Door) error {
	working, stopWorking := context.WithCancel(context.WithoutCancel(ctx))
	defer stopWorking()
	var worker sync.WaitGroup
	worker.Go(func() { s.Run(working) })

	failed := make(chan error, len(doors))
	for _, d := range doors {
		go func() { failed <- d.Serve(d.Listener) }()
	}
	var err error
	select {
	case <-ctx.Done():
		s.Log.Info("stopping; what is under way is finished")
	case err = <-failed:
	}
	limit, cancel := context.WithTimeout(context.WithoutCancel(ctx), Grace)
	defer cancel()
	for _, d := range doors {
		err = errors.Join(err, d.Shutdown(limit))
	}
	stopWorking()
	worker.Wait()
	if s.prepared.Load() { // while it is stopped nobody closes, and what is open can be changed unnoticed
		err = errors.Join(err, s.closeAudit(limit))
	}
	if err != nil {
		return fmt.Errorf("serve: %w", err)
	}
	s.Log.Info("stopped")
	return nil
}
