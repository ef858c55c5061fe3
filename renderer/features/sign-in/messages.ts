import { defineMessages } from '../../app/define-messages.ts';

export const messages = defineMessages(
  {
    title: 'Sign in to Sangdam',
    account: 'Account', password: 'Password', capsLock: 'Caps Lock is on', submit: 'Sign in', show: 'Show password', hide: 'Hide password', tagline: 'The call-center agent desktop', checking: 'Preparing your devices…',
  },
  {
    title: '상담 로그인',
    account: '계정', password: '비밀번호', capsLock: 'Caps Lock이 켜져 있습니다', submit: '로그인', show: '비밀번호 보기', hide: '비밀번호 숨기기', tagline: '콜센터 상담 데스크톱', checking: '장치를 준비하는 중…',
  },
);
