package check

import (
	"strings"
	"unicode/utf8"
)

// Names of columns that say what they hold.
var (
	personNames = pattern(`(?i)(환자|보호자|수진자|대상자|의사|담당의|주치의|피보험자)\s*(이름|명|성명)$|성명|이름|주민|외국인등록|전화|휴대|핸드폰|연락처|이메일|전자우편|주소|우편번호|생년월일|출생일|여권|` +
		`보험증|계좌|^(patient|subject|first|last|middle|full|family|given|doctor|physician)?[ _.-]*name$|^(ssn|rrn|dob|phone|mobile|tel|e-?mail|address|zip|zip[ _]?code)$|birth[ _]?(date|day)|date[ _]?of[ _]?birth|phone|e-?mail|passport`)
	idNames = pattern(`(?i)(등록|환자|차트|병록|병원|연구|대상자|수진자|접수|입원|내원|방문|검체|처방|관리|식별|일련|개인)\s*(번호|id|no\.?|코드)$|^(연번|순번|번호|mrn|id|no\.?|idx|index|uid|uuid|key)$|` +
		`(^|[ _.-])(patient|subject|case|chart|record|visit|encounter|person|study|sample|hosp|hospital|admission|stay|row|pt|hadm|subj|participant)[ _.-]*(id|no|num|number|identifier|key)$|(^|_)id$|[a-z]ID$`)
	dateNames = pattern(`(?i)일자|날짜|일시|(내원|방문|검사|입원|퇴원|사망|수술|진단|접수|기준|등록|시행|측정|처방|추적)일$|date|datetime|(^|_)day$|(^|_)dt$`)
	timeNames = pattern(`(?i)내원|방문|기준|접수|외래|입원|visit|index|enrol|baseline|admi`)
	noteNames = pattern(`(?i)비고|메모|소견|특이사항|의견|서술|참고|기록|판독|주호소|comment|note|remark|memo|narrative|free[ _]?text|description|complaint`)
	lateNames = pattern(`(?i)사망|퇴원|재원|판독|병리|예후|생존|추적|전원|부검|사인|death|dead|died|decease|discharge|length[ _]?of[ _]?stay|(^|_)los($|_)|patholog|autopsy|surviv|outcome|follow[ _-]?up|` +
		`mortality|expire|(^|_)true_p$|predicted|prediction|예측`)
	partNames = pattern(`(?i)^(split|fold|folds|partition|train_test|분할|폴드)$`)
	// partingNames are of numbers by which subgroups are looked at: age, and sex where it is coded.
	partingNames = pattern(`(?i)^(age|나이|연령|만나이|sex|gender|성별)([ _(].*)?$`)
	siteNames    = pattern(`(?i)^(기관|병원|센터|의료기관|기관명|병원명|site|center|centre|hospital|institution|clinic)([ _]?(name|id|code|명|코드))?$`)
)

// What a cell holds that names a person, wherever it stands.
var (
	residents = pattern(`(?:^|[^0-9])(\d{2})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(-?)([0-9])(\d{6}|[*xX]{6})(?:[^0-9]|$)`)
	phones    = pattern(`(?:^|[^0-9])(?:\+82[- ]?1[016789]|01[016789])[-. ]?\d{3,4}[-. ]?\d{4}(?:[^0-9]|$)|(?:^|[^0-9])0(?:2|[3-6]\d)[-) ]\d{3,4}-\d{4}(?:[^0-9]|$)`)
	mails     = pattern(`[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+\.[A-Za-z]{2,}`)
)

// personal reports whether a cell holds a resident number, a phone number or an e-mail address.
func personal(s string) bool {
	if len(s) < 6 {
		return false
	}
	if strings.IndexByte(s, '@') > 0 && mails.MatchString(s) {
		return true
	}
	if len(s) < 9 || !manyDigits(s) {
		return false
	}
	if phones.MatchString(s) {
		return true
	}
	m := residents.FindStringSubmatch(s)
	return m != nil && (m[4] == "-" || residentSum(m[1]+m[2]+m[3]+m[5]+m[6]))
}

func manyDigits(s string) bool {
	n := 0
	for i := range len(s) {
		if s[i] >= '0' && s[i] <= '9' {
			n++
		}
	}
	return n >= 7
}

// residentSum reports whether the last of 13 digits is (11 − Σ wᵢ·dᵢ mod 11) mod 10, w = 2 3 4 5 6 7 8 9 2 3 4 5; foreigners'
// numbers add 2. Numbers given since October 2020 have no such digit: those are known by their hyphen only.
func residentSum(d string) bool {
	sum := 0
	for i, w := range []int{2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5} {
		sum += w * int(d[i]-'0')
	}
	check := (11 - sum%11) % 10
	if d[6] >= '5' && d[6] <= '8' {
		check = (check + 2) % 10
	}
	return d[12] == '0'+byte(check)
}

const surnames = "김이박최정강조윤장임한오서신권황안송류유전홍고문양손배백허남심노하곽성차주우구민진지엄채원천방공현함변염여추도소석선설마길연위표명기반왕금옥육인맹제모탁국어은편용"

// named reports whether s is shaped as a Korean name: a surname and one to three syllables more.
func named(s string) bool {
	n := 0
	for _, r := range s {
		if r < '가' || r > '힣' {
			return false
		}
		n++
	}
	if n < 2 || n > 4 {
		return false
	}
	first, _ := utf8.DecodeRuneInString(s)
	return strings.ContainsRune(surnames, first)
}
