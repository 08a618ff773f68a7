// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package command

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"

	"github.com/spf13/cobra"

	"github.com/kutano/authenticator/server/config"
	"github.com/kutano/authenticator/server/service"
	"github.com/kutano/authenticator/server/web"
)

func (w World) serve() *cobra.Command {
	c := &cobra.Command{
		Use: "serve", Short: "Serve", Args: cobra.NoArgs,
		Long: `Serve serves until it is told to stop (SIGTERM, Ctrl+C); requests that are under way are finished.

It starts also while the database is away: /readyz tells, and it works once the database is there.
Several instances can share one PostgreSQL database.`,
	}
	s := addSettings(c, true)
	format := c.Flags().String("log", "text", "the form of the log: text or json")
	c.RunE = func(cmd *cobra.Command, _ []string) error {
		conf, err := s.checked()
		if err != nil {
			return err
		}
		log, err := logger(cmd.ErrOrStderr(), *format)
		if err != nil {
			return usage(err)
		}
		return w.serveConfig(cmd.Context(), conf, log)
	}
	return c
}

// logger writes what stands under web.LogKeys and nothing else.
func logger(w io.Writer, format string) (*slog.Logger, error) {
	switch format {
	case "text":
		return slog.New(web.LogHandler(slog.NewTextHandler(w, nil))), nil
	case "json":
		return slog.New(web.LogHandler(slog.NewJSONHandler(w, nil))), nil
	}
	return nil, errors.New("--log is text or json")
}

func (w World) serveConfig(ctx context.Context, c config.Config, log *slog.Logger) error {
	svc, err := w.open(c, log)
	if err != nil {
		return err
	}
	defer func() { _ = svc.Close() }() // whatever mattered was committed
	public, err := listen(c.Address)
	if err != nil {
		return err
	}
	if c.TLS.Certificate != "" {
		certificate, err := newCertificate(c.TLS.Certificate, c.TLS.Key)
		if err != nil {
			return errors.Join(usage(err), public.Close())
		}
		public = tls.NewListener(public, certificate.config())
	}
	doors := []service.Door{{Listener: public, Server: web.Server(svc.Handler())}}
	if c.MetricsAddress != "" {
		metrics, err := listen(c.MetricsAddress)
		if err != nil {
			return errors.Join(err, public.Close())
		}
		doors = append(doors, service.Door{Listener: metrics, Server: web.Server(svc.Metrics())})
	}
	log.Info("serving", "version", w.Version, "listen", public.Addr().String(), "base_url", c.BaseURL,
		"database", svc.DB.String(), "workspace", c.Workspace, "key", fmt.Sprintf("%x", svc.Keys.Current()))
	return svc.Serve(ctx, doors...)
}

func listen(address string) (net.Listener, error) {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return nil, fmt.Errorf("listen: %w", err)
	}
	return l, nil
}
