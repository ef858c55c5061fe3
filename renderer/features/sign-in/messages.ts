import { defineMessages } from '../../app/define-messages.ts';

export const messages = defineMessages(
  {
    title: 'Sign in to Sangdam', language: 'Language',
    account: 'Account', password: 'Password', capsLock: 'Caps Lock is on', submit: 'Sign in', withoutPhone: 'Without a telephone: another desk of mine goes on', show: 'Show password', hide: 'Hide password', tagline: 'The call-center agent desktop', checking: 'Preparing your devices…',
    code: 'Code of your authenticator app', codeHint: 'Six digits, as they are shown now', recoveryCode: 'Recovery code', recoveryHint: 'One of those you were given; each is good once', useRecovery: 'Use a recovery code', useApp: 'Use the app',
    setUp: 'Your account has to be protected by a second factor. Scan this with an authenticator app on your phone, then enter the code it shows.', qr: 'QR code for your authenticator app', key: 'Key', keyHint: 'Where it cannot be scanned: in the app, add an account by hand and enter this key.', setUpSubmit: 'Set up', recoveryCodes: 'Recovery codes', keepCodes: 'Write them down and keep them apart from your phone: each lets you in once if you lose it. They are not shown again.', keptSubmit: 'I have kept them: sign in',
    passkeyOnly: 'This account is protected by a passkey. Sign in where your passkey is, or ask an administrator.',
    choose: 'Your password has to be changed. Choose one that only you know.', newPassword: 'New password', again: 'Once more', differs: 'The two are not the same', policy: 'At least 12 characters; a few words in a row work well', chooseSubmit: 'Change and sign in',
  },
  {
    title: '상담 로그인', language: '언어',
    account: '계정', password: '비밀번호', capsLock: 'Caps Lock이 켜져 있습니다', submit: '로그인', withoutPhone: '전화 없이 로그인 (다른 자리는 그대로)', show: '비밀번호 보기', hide: '비밀번호 숨기기', tagline: '콜센터 상담 데스크톱', checking: '장치를 준비하는 중…',
    code: '인증 앱 코드', codeHint: '지금 표시된 숫자 6자리', recoveryCode: '복구 코드', recoveryHint: '받아 둔 코드 중 하나. 한 번만 쓸 수 있습니다', useRecovery: '복구 코드 사용', useApp: '인증 앱 사용',
    setUp: '이 계정은 2단계 인증이 필요합니다. 휴대전화의 인증 앱으로 QR 코드를 스캔한 뒤, 앱에 표시되는 코드를 입력하세요.', qr: '인증 앱용 QR 코드', key: '설정 키', keyHint: '스캔할 수 없으면 앱에서 계정 추가 → 설정 키 직접 입력을 고르세요.', setUpSubmit: '설정', recoveryCodes: '복구 코드', keepCodes: '적어서 휴대전화와 따로 보관하세요. 휴대전화를 잃어버렸을 때 코드 하나로 한 번씩 로그인할 수 있습니다. 다시 표시되지 않습니다.', keptSubmit: '보관했습니다. 로그인',
    passkeyOnly: '패스키로 보호된 계정입니다. 패스키가 있는 곳에서 로그인하거나 관리자에게 문의하세요.',
    choose: '비밀번호를 바꿔야 합니다. 본인만 아는 비밀번호를 정하세요.', newPassword: '새 비밀번호', again: '한 번 더 입력', differs: '두 비밀번호가 다릅니다', policy: '12자 이상. 낱말 몇 개를 이어 쓰면 좋습니다', chooseSubmit: '변경하고 로그인',
  },
);
