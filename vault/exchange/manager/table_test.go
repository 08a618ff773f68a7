// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package manager

import (
	"strings"
	"testing"

	"github.com/kutano/authenticator/vault/exchange/foreign"
)

// tableFixtures are exports of the same account, by the format's ID.
var tableFixtures = map[string]struct{ text, want string }{
	"bitwarden": {
		"folder,favorite,type,name,notes,fields,reprompt,login_uri,login_username,login_password,login_totp\n" +
			"Work,1,login,Shop,\"two\nlines\",,0,https://example.com,anna,\"p\"\"w,\"," + keyA + "\n,,note,Text,x,,0,,,,\n",
		`totp "Shop" "anna" ` + keyAHex + ` ["Work"] favourite`,
	},
	"keepassxc": {
		`"Group","Title","Username","Password","URL","Notes","TOTP","Icon","Last Modified","Created"` + "\n" +
			`"Root/Work/Web","Shop","anna","p","","n","otpauth://totp/Shop:anna?secret=` + keyA + `&period=30&digits=6&issuer=Shop","0","2026","2026"` + "\n" +
			`"Root","No code","x","p","","","","0","2026","2026"` + "\n",
		`totp "Shop" "anna" ` + keyAHex + ` ["Work/Web"]`,
	},
	"lastpass-vault": {
		"url,username,password,totp,extra,name,grouping,fav\nhttps://example.com,anna,p," + keyA + ",\"note, more\",Shop,Work,1\n",
		`totp "Shop" "anna" ` + keyAHex + ` ["Work"] favourite`,
	},
	"1password": {
		"Title,Url,Username,Password,OTPAuth,Favorite,Archived,Tags,Notes\nShop,https://example.com,anna,p,otpauth://totp/?secret=" + keyA + ",true,false,Work;Web,n\n",
		`totp "Shop" "anna" ` + keyAHex + ` ["Work" "Web"] favourite`,
	},
	"proton-pass": {
		"type,name,url,email,username,password,note,totp,createTime,modifyTime,vault\nlogin,Shop,https://example.com,anna,,p,n,otpauth://totp/Shop?secret=" + keyA + "&issuer=Shop,1,2,Personal\n",
		`totp "Shop" "Shop" ` + keyAHex,
	},
	"apple-passwords": {
		"Title,URL,Username,Password,Notes,OTPAuth\nShop,https://example.com,anna,p,,otpauth://totp/Shop:anna?secret=" + keyA + "&issuer=Shop\n",
		`totp "Shop" "anna" ` + keyAHex,
	},
	"dashlane": {
		"username,username2,username3,title,password,note,url,category,otpSecret\n,anna,,Shop,p,n,https://example.com,Work," + keyA + "\n",
		`totp "Shop" "anna" ` + keyAHex + ` ["Work"]`,
	},
	"nordpass": {
		"name,url,additional_urls,username,password,note,cardholdername,cardnumber,cvc,pin,expirydate,zipcode,folder,full_name,phone_number,email,address1,address2,city,country,state,type,totp\n" +
			"Shop,https://example.com,,anna,p,,,,,,,,Work,,,,,,,,,password," + keyA + "\n",
		`totp "Shop" "anna" ` + keyAHex + ` ["Work"]`,
	},
	"roboform": {
		"\xEF\xBB\xBFName,Url,MatchUrl,Login,Pwd,Note,Folder,RfFieldsV2\r\nShop,https://example.com,,anna,'@p,,/Work,\"User ID$,,,txt,anna\",\"TOTP KEY$,,,txt," + keyA + "\"\r\n",
		`totp "Shop" "anna" ` + keyAHex + ` ["/Work"]`,
	},
	"csv": {
		"Service;E-Mail;One-Time Password;Tags\r\nShop;anna;" + keyA + ";a,b\r\n",
		`totp "Shop" "anna" ` + keyAHex + ` ["a" "b"]`,
	},
}

func TestTables(t *testing.T) {
	for id, f := range tableFixtures {
		t.Run(id, func(t *testing.T) {
			gives(t, []byte(f.text), "", id, f.want)
			if !strings.Contains(f.text, "\r") {
				gives(t, []byte("\xEF\xBB\xBF"+strings.ReplaceAll(f.text, "\n", "\r\n")), "", id, f.want)
			}
		})
	}
}

func TestTableErrors(t *testing.T) {
	const head = "name,username,totp,note\n"
	for name, c := range map[string]struct {
		text string
		want error
		got  []string
	}{
		"an entry":        {head + "a,b,0189,x\nc,d," + keyA + ",x\n", nil, []string{`refused "a:b": secret: the secret is not base32: character 1 is none of A–Z and 2–7`, `totp "c" "d" ` + keyAHex}},
		"a short row":     {head + "c,d," + keyA + "\n", nil, []string{`totp "c" "d" ` + keyAHex}},
		"cut in a row":    {head + "c,d," + keyA[:8], foreign.ErrCutShort, []string{`refused "c:d": it ends too early`}},
		"cut in a quote":  {head + "a,b," + keyA + ",x\nc,\"d", foreign.ErrCutShort, []string{`totp "a" "b" ` + keyAHex}},
		"a quote after":   {head + "c,\"d\"e," + keyA + ",x\nf,g," + keyA + ",x\n", nil, []string{`refused "c": it is damaged`, `totp "f" "g" ` + keyAHex}},
		"a quote inside":  {head + "c,d\"e," + keyA + ",x\nf,g," + keyA + ",x\n", nil, []string{`refused "c": it is damaged`, `totp "f" "g" ` + keyAHex}},
		"two for codes":   {"name,username,totp,otp\na,b,," + keyA + "\nc,d," + keyB + ",\n", nil, []string{`totp "a" "b" ` + keyAHex, `totp "c" "d" ` + keyBHex}},
		"cut in a secret": {"name,username,totp\nc,d," + keyA[:9], foreign.ErrCutShort, []string{`totp "c" "d" 48656c6c6f remarks [2]`}},
		"no codes":        {"url,username,extra,grouping,fav\na,b,,,\n", nil, nil},
	} {
		got, _, err := open(t, []byte(c.text), "")
		if !sameError(err, c.want) || strings.Join(got, "\n") != strings.Join(c.got, "\n") {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}

func TestTableIsNot(t *testing.T) {
	for _, text := range []string{
		"", "otpauth://totp/a,b,c?secret=" + keyA, "name,username,password\na,b,c\n", "totp,totp\n", "a\x00,totp,b\n", strings.Repeat("a,", 5000) + "totp",
	} {
		if r := surest(foreign.NewSource("", []byte(text))); r != nil {
			t.Errorf("%.40q is taken for %s", text, r.Format().ID)
		}
	}
}

func FuzzTables(f *testing.F) {
	var seeds [][]byte
	for _, x := range tableFixtures {
		seeds = append(seeds, []byte(x.text))
	}
	fuzz(f, seeds, always, tables...)
}
