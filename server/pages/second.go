// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package pages

import (
	"time"

	"github.com/kutano/authenticator/server/factor"
	"github.com/kutano/authenticator/server/refusal"
	"github.com/kutano/authenticator/server/session"
	"github.com/kutano/authenticator/server/web"
)

func (p *site) secondRoutes() {
	p.handle("GET /second", signedIn, (*visit).second)
	p.handle("POST /second", signedIn, (*visit).checkSecond)
	p.handle("POST /second/sms", signedIn, (*visit).textAgain)
	p.handle("GET /second/two-codes", signedIn, (*visit).askTwoCodes)
	p.handle("POST /second/two-codes", signedIn, (*visit).checkTwoCodes)
	p.handle("GET /enrol", enrolling, (*visit).mustEnrol)
}

// sentText is a text message that went out, as its session's browser keeps it.
type sentText struct {
	Hint   string    `json:"h"`
	Resend time.Time `json:"r"`
}

// prompt is what the page for the second factor shows.
type prompt struct {
	Use     factor.Method // what is typed here
	Method  factor.Method // what the account uses
	Hint    string        // masked number
	Sent    sentText
	WasSent bool
	At      string // where its forms go: "/second", "/elevate/second"
	Again   string // where "Send a new code" goes
	Status  factor.Status
}

// asked is what the address asks to type: ?use=backup or ?use=helpdesk, or the method of the account.
func (v *visit) asked(st factor.Status, use string) factor.Method {
	switch use {
	case "backup":
		return factor.Backup
	case "helpdesk":
		return factor.Bypass
	}
	return st.Method
}

func (v *visit) promptFor(at, again, use string) (prompt, error) {
	st, err := v.status()
	if err != nil {
		return prompt{}, err
	}
	p := prompt{Use: v.asked(st, use), Method: st.Method, Hint: st.PhoneHint, At: at, Again: again, Status: st}
	p.WasSent = v.read(sentNote, &p.Sent)
	return p, nil
}

// second asks for the second factor. // R03 R04 R05 R50 R52
func (v *visit) second() error {
	if v.session.Need != session.Second {
		v.see("/home")
		return nil
	}
	p, err := v.promptFor("/second", "/second/sms", v.r.URL.Query().Get("use"))
	if err != nil {
		return err
	}
	return v.page("second", p)
}

func (v *visit) checkSecond() error {
	if v.session.Need != session.Second {
		v.see("/home")
		return nil
	}
	to := "/home"
	v.read(wayNote, &to)
	return v.prove("/second", to)
}

// prove checks a code for the second step of a sign-in or a proof; at is the page of its form.
func (v *visit) prove(at, to string) error {
	st, err := v.status()
	if err != nil {
		return err
	}
	use := v.form("use")
	m := v.asked(st, use)
	page := at
	if m != st.Method {
		page += "?use=" + use
	}
	got, err := v.Factors.Verify(v.ctx(), v.session, m, v.form("code"))
	web.CountVerification(string(m), err)
	if err != nil {
		return v.back(err, page, "code")
	}
	v.adopt(got.Session, got.Token)
	v.drop(sentNote)
	v.drop(wayNote)
	v.tell(got)
	if got.Session.Need == session.Enrol {
		v.see("/enrol")
		return nil
	}
	v.see(local(to, "/home"))
	return nil
}

// tell says what should be known after a code. // R63 R71
func (v *visit) tell(got factor.Accepted) {
	switch {
	case got.Method == factor.Backup && got.CodesLeft == 0:
		v.say(saying{Text: "That was your last backup code. Make new ones in User Settings, under Security."})
	case got.Method == factor.Backup:
		v.say(saying{Text: "That backup code is used up now; you have " + plural(got.CodesLeft, "code", "codes") +
			" left. After using backup codes, make new ones in User Settings, under Security."})
	case got.Method == factor.TOTP && got.Drift != 0:
		v.say(saying{Text: "The code was right, but your device’s clock seems up to " + plural(30*abs(got.Drift), "second", "seconds") +
			" " + way(got.Drift) + ". Let the device set its time by itself, so that codes go on working."})
	}
}

func abs(n int) int { return max(n, -n) }

// way is in which direction a device's clock is off.
func way(steps int) string {
	if steps > 0 {
		return "fast"
	}
	return "slow"
}

func (v *visit) textAgain() error {
	if err := v.sendText(); err != nil {
		return err
	}
	v.see("/second")
	return nil
}

// sendText sends a code by SMS and says so, or says why not.
func (v *visit) sendText() error {
	sent, err := v.Factors.SendCode(v.ctx(), v.session)
	if err != nil {
		return v.note(err, "code")
	}
	v.keepSent(sent)
	return nil
}

func (v *visit) keepSent(sent factor.Sent) {
	v.leave(sentNote, sentText{Hint: sent.PhoneHint, Resend: v.now.Add(sent.Resend)}, time.Hour)
}

// askTwoCodes asks for two codes in a row, where the helpdesk lets the user type
// them. They stand on our own page, so that nobody has to be told one. // R53
func (v *visit) askTwoCodes() error {
	if v.session.Need != session.Second {
		v.see("/home")
		return nil
	}
	st, err := v.status()
	if err != nil {
		return err
	}
	if st.Resync.IsZero() {
		return v.back(refusal.New(refusal.ResyncClosed), "/second", "")
	}
	return v.page("twocodes", st.Resync)
}

func (v *visit) checkTwoCodes() error {
	if v.session.Need != session.Second {
		v.see("/home")
		return nil
	}
	steps, err := v.Factors.Resync(v.ctx(), v.session, v.form("first"), v.form("second"))
	web.CountVerification("resync", err)
	switch {
	case refusal.Is(err, refusal.ResyncClosed), refusal.Is(err, refusal.NotEnrolled), refusal.Is(err, refusal.MethodMismatch):
		return v.back(err, "/second", "")
	case err != nil:
		return v.back(err, "/second/two-codes", "first")
	}
	found := "Your device’s clock is right."
	if steps != 0 {
		found = "Your device’s clock is about " + span(time.Duration(30*abs(steps))*time.Second) + " " + way(steps) + ", but your codes work again all the same."
	}
	return v.done(found+" To finish, type the next code that your app shows, after those two.", "/second")
}

// mustEnrol tells who was helped back in what has to be done now. // R60
func (v *visit) mustEnrol() error {
	if v.session.Need != session.Enrol {
		v.see("/home")
		return nil
	}
	return v.page("enrol", v.user.EnrolBy)
}
