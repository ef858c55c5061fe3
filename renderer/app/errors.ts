import type { ErrorCode } from '../../contract/errors.ts';
import type { Messages } from './define-messages.ts';

/** Keys of vue-i18n cannot hold dots: `auth.rate-limited` → `auth_rate_limited`. */
export const errorKey = (code: ErrorCode): string => `errors.${code.replace(/[.-]/g, '_')}`;

type Both = readonly [en: string, ko: string];

/** What a person reads for each code: what is the matter, and the way out. */
export const errorTexts: Record<ErrorCode, Both> = {
  'auth.invalid': ['The account or the password is wrong. Check both and try again.', '계정 또는 비밀번호가 맞지 않습니다. 확인 후 다시 입력하세요.'],
  'auth.expired': ['Your session has expired. Sign in again.', '로그인이 만료되었습니다. 다시 로그인하세요.'],
  'auth.rate-limited': ['Too many attempts. Wait a moment, then try again.', '시도 횟수가 너무 많습니다. 잠시 후 다시 시도하세요.'],
  'auth.replaced': ['This account signed in on another desk, so this one was signed out.', '다른 자리에서 같은 계정으로 로그인하여 이 화면은 로그아웃되었습니다.'],
  'auth.busy-elsewhere': ['This account is on a call at another desk. End that call first.', '이 계정은 다른 자리에서 통화 중입니다. 그 통화를 먼저 끝내세요.'],
  'auth.demo-refused': ['Demo accounts do not work on this center. Use your own account.', '이 센터에서는 데모 계정을 쓸 수 없습니다. 본인 계정으로 로그인하세요.'],
  'auth.second-factor-needed': ['A second factor is needed to sign in.', '로그인하려면 2단계 인증이 필요합니다.'],
  'auth.factor-invalid': ['This code is wrong or was used before. Enter the one that is shown now.', '코드가 틀렸거나 이미 사용되었습니다. 지금 표시된 코드를 입력하세요.'],
  'auth.password-change-needed': ['Choose a new password to go on.', '계속하려면 새 비밀번호를 정하세요.'],
  'auth.password-expired': ['The temporary password has expired. Ask an administrator for a new one.', '임시 비밀번호의 기한이 지났습니다. 관리자에게 새로 요청하세요.'],
  'auth.password-weak': ['This password is easily guessed. Use at least 12 characters, without the account name or common words.', '추측하기 쉬운 비밀번호입니다. 계정 이름이나 흔한 단어 없이 12자 이상으로 정하세요.'],
  'auth.disabled': ['This account is disabled. Ask an administrator.', '사용이 중지된 계정입니다. 관리자에게 문의하세요.'],
  forbidden: ['Your role does not allow this. Ask an administrator.', '권한이 없습니다. 관리자에게 문의하세요.'],
  'not-found': ['It no longer exists. Reload the list.', '대상이 없습니다. 목록을 새로 고치세요.'],
  'input.invalid': ['Something entered is not valid. Check the fields.', '입력한 값이 올바르지 않습니다. 항목을 확인하세요.'],
  'input.too-large': ['That is too long. Shorten it and try again.', '내용이 너무 깁니다. 줄여서 다시 시도하세요.'],
  'command.unknown': ['This center does not know that function. The program needs an update.', '센터가 지원하지 않는 기능입니다. 프로그램을 업데이트하세요.'],
  'rate-limited': ['Too many requests. Wait a moment.', '요청이 너무 많습니다. 잠시 기다려 주세요.'],
  'agent.illegal-transition': ['That is not possible in your present state.', '현재 상태에서는 할 수 없습니다.'],
  'agent.phone-not-registered': ['Your phone is not registered, so calls could not ring here. Look at the status at the top.', '전화기가 등록되지 않아 전화를 받을 수 없습니다. 상단의 연결 상태를 확인하세요.'],
  'agent.no-microphone': ['There is no usable microphone. Plug one in or allow it in the browser, then choose Ready again.', '사용할 수 있는 마이크가 없습니다. 연결하거나 브라우저에서 허용한 뒤 다시 대기를 누르세요.'],
  'agent.on-call': ['Not while a call is going on. End the call first.', '통화 중에는 할 수 없습니다. 통화를 먼저 끝내세요.'],
  'contact.not-found': ['This call is already over.', '이미 끝난 통화입니다.'],
  'contact.disposition-required': ['This group asks for a disposition. Choose one first.', '이 그룹은 상담 유형이 필수입니다. 먼저 선택하세요.'],
  'contact.conflict': ['Somebody else has changed this contact meanwhile. Look at what is there now, then save again.', '그사이 다른 사람이 이 통화 기록을 고쳤습니다. 지금 내용을 확인하고 다시 저장하세요.'],
  'contact.held-at-phone': ['Your phone itself holds this call: resume it there.', '전화기에서 보류한 통화입니다. 전화기에서 해제하세요.'],
  'contact.action-not-allowed': ['The call has moved on; that is not possible now.', '통화 상태가 바뀌어 지금은 할 수 없습니다.'],
  'target.unknown': ['There is nobody at that number or name.', '해당 번호나 이름의 상대가 없습니다.'],
  'target.busy': ['They are on another call. Try somebody else, or later.', '상대가 통화 중입니다. 다른 사람을 고르거나 나중에 다시 시도하세요.'],
  'target.unavailable': ['They cannot be reached now. Try somebody else.', '상대에게 연결할 수 없습니다. 다른 사람을 고르세요.'],
  'number.invalid': ['This is not a phone number or an extension. Check the digits.', '전화번호나 내선이 아닙니다. 숫자를 확인하세요.'],
  'dial.class-forbidden': ['You may not call numbers of this kind. An administrator can allow it.', '이 종류의 번호로 전화할 권한이 없습니다. 시스템 관리자에게 요청하세요.'],
  'dial.limit-reached': ['Too many outside calls at once or within the hour. End one, or wait a little.', '동시 또는 시간당 외부 통화 한도를 넘었습니다. 통화를 끝내거나 잠시 후 다시 거세요.'],
  'dial.blocked': ['International and premium calls are blocked, because recent calls looked unusual. A supervisor can lift it.', '최근 통화가 비정상으로 보여 국제·유료 전화가 차단되었습니다. 관리자가 해제할 수 있습니다.'],
  'link.invalid': ['The link is damaged or not meant for this program, so it was not followed.', '링크가 잘못되었거나 이 프로그램용이 아니어서 열지 않았습니다.'],
  'customer.not-found': ['This customer no longer exists.', '고객 정보가 없습니다.'],
  'customer.numbers-full': ['This customer has as many numbers as there may be. Remove one first.', '이 고객에게 등록할 수 있는 번호가 가득 찼습니다. 먼저 하나를 삭제하세요.'],
  'customer.number-taken': ['Another customer already has this number. Search for it instead.', '이미 다른 고객이 쓰는 번호입니다. 그 번호로 검색하세요.'],
  'customer.conflict': ['Somebody else has changed this customer meanwhile. Both versions are shown: choose, then save again.', '그사이 다른 사람이 이 고객 정보를 바꾸었습니다. 두 내용을 비교해 고른 뒤 다시 저장하세요.'],
  'center.unreachable': ['The center cannot be reached. Check the network; it is tried again by itself.', '센터에 연결할 수 없습니다. 네트워크를 확인하세요. 자동으로 다시 연결합니다.'],
  'center.timeout': ['The center did not answer in time. Try again.', '센터의 응답이 늦습니다. 다시 시도하세요.'],
  'center.untrusted': ["The center's certificate is not trusted here, so nothing was sent to it. Ask your IT department; if your company has its own certificate authority, choose its file.", '센터의 인증서를 신뢰할 수 없어 아무것도 보내지 않았습니다. 전산 담당자에게 문의하세요. 회사 인증 기관이 있다면 그 인증서 파일을 고르세요.'],
  'center.insecure': ['Over http:// anybody on the way reads your password, so nothing was sent. Use the https:// address of the center; if it has none, your IT department can give it a certificate.', 'http:// 주소로는 중간에서 비밀번호를 엿볼 수 있어 아무것도 보내지 않았습니다. 센터의 https:// 주소를 쓰세요. 없으면 전산 담당자가 센터에 인증서를 달아야 합니다.'],
  'center.unknown': ['Something answers there, but it is not a Sangdam center. Check the address.', '그 주소에 상담 센터가 없습니다. 주소를 확인하세요.'],
  'store.unavailable': ['Not saved: the center cannot write to its disk now. What you entered is kept at this desk; try again in a moment.', '저장되지 않았습니다. 센터가 지금 디스크에 쓸 수 없습니다. 입력한 내용은 이 자리에 남아 있으니 잠시 후 다시 시도하세요.'],
  'switch.unavailable': ['The telephone switch is down. Calls are not possible until it is back.', '교환기가 멈췄습니다. 복구될 때까지 통화할 수 없습니다.'],
  'switch.channel-gone': ['That line has just ended.', '해당 회선이 방금 끊겼습니다.'],
  'switch.bridge-gone': ['That call has just ended.', '해당 통화가 방금 끝났습니다.'],
  'switch.failed': ['The telephone switch refused. Try again; if it stays, tell the operator.', '교환기가 처리하지 못했습니다. 다시 시도하고, 계속되면 운영자에게 알리세요.'],
  'media.no-window': ['No open window owns the audio. Open the desk and try again.', '음성을 맡은 창이 없습니다. 상담 화면을 열고 다시 시도하세요.'],
  'media.timeout': ['The audio did not start in time. Try again.', '음성 연결이 늦어져 중단되었습니다. 다시 시도하세요.'],
  'media.failed': ['The audio could not be connected. Check the network and the headset.', '음성을 연결하지 못했습니다. 네트워크와 헤드셋을 확인하세요.'],
  'media.denied': ['The browser refuses the microphone. Allow it in the address bar, then try again.', '브라우저가 마이크를 막았습니다. 주소창 옆에서 허용한 뒤 다시 시도하세요.'],
  'phone.not-registered': ['The phone is not registered. It is tried again by itself.', '전화기가 등록되지 않았습니다. 자동으로 다시 등록합니다.'],
  'phone.no-call': ['This call is not on this desk’s own phone: use the phone it is on.', '이 통화는 이 자리의 전화기에 없습니다. 통화가 걸려 있는 전화기를 사용하세요.'],
  'cache.unavailable': ['Customer data is not available here now. Calls go on working.', '고객 정보를 지금 볼 수 없습니다. 통화는 계속할 수 있습니다.'],
  'session.not-signed-in': ['You are not signed in. Sign in again.', '로그인되어 있지 않습니다. 다시 로그인하세요.'],
  'settings.managed': ['Your organisation has fixed this setting.', '조직에서 정한 설정이라 바꿀 수 없습니다.'],
  'settings.invalid': ['This file holds no settings of Sangdam. Nothing was changed.', '상담 설정 파일이 아닙니다. 아무것도 바꾸지 않았습니다.'],
  'file.not-saved': ['The file could not be written there. Choose another folder.', '그 위치에 파일을 저장하지 못했습니다. 다른 폴더를 고르세요.'],
  'settings.not-saved': ['The settings could not be written to the disk.', '설정을 디스크에 저장하지 못했습니다.'],
  'host.unsupported': ['Only the desktop program can do this.', '데스크톱 프로그램에서만 할 수 있습니다.'],
  unexpected: ['Something went wrong. Try again; if it stays, tell the operator.', '문제가 생겼습니다. 다시 시도하고, 계속되면 운영자에게 알리세요.'],
};

const column = (index: 0 | 1) => Object.fromEntries(Object.entries(errorTexts).map(([code, texts]) => [code.replace(/[.-]/g, '_'), texts[index]]));

export const errorMessages: Messages = { en: column(0), ko: column(1) };
