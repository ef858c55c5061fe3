import { defineMessages } from '../../app/define-messages.ts';

export const messages = defineMessages(
  {
    title: 'Set up your center', steps: 'Steps', stepOf: 'Step {n} of {total}', next: 'Continue', later: 'Later', finish: 'Set up', back: 'Back', optional: 'You can do this later',
    step: { code: 'Code', company: 'Company', administrator: 'Administrator', numbers: 'Numbers', group: 'Group', people: 'People', hours: 'Hours' },
    head: { code: 'Who set this up?', company: 'Whose center is it?', administrator: 'The first administrator', numbers: 'Which numbers do customers call?', group: 'Who answers?', people: 'Who works here?', hours: 'When are you open?' },
    text: {
      code: 'Enter the set-up code. It was printed where the center was started.', company: 'The company’s name stands on invitations; the time zone counts the days and opens the doors.', administrator: 'You. Whoever is administrator sets everything up.',
      numbers: 'Each works at once: callers hear a greeting, and then go to your group.', group: 'Calls go to a group, and in it to whoever has waited longest. More groups can be made afterwards.', people: 'Each gets a link, by which they choose their password.', hours: 'At other times callers hear that you are closed.',
    },
    code: 'Set-up code', company: 'Company', timeZone: 'Time zone', account: 'Account', accountHint: 'What you sign in with', name: 'Your name', password: 'Password', passwordHint: 'At least 12 characters, no common words', again: 'The same password again',
    number: 'Number {n}', numberName: 'Name of number {n}', numberNameHint: 'Optional', addNumber: 'Another number', removeNumber: 'Remove number {n}', group: 'Name of the group', groupHint: 'For example: Orders', noGroup: 'People and numbers have a group of their own only when it has a name here.',
    hours: 'Opening hours', always: 'Always open', weekly: 'At these times', day: { 0: 'Sunday', 1: 'Monday', 2: 'Tuesday', 3: 'Wednesday', 4: 'Thursday', 5: 'Friday', 6: 'Saturday' }, from: '{day} from', to: '{day} until', night: 'Until an earlier time is until the next day: 22:00–02:00 is a night shift.', hoursWithoutGroup: 'Opening hours belong to a group: there is none yet.',
    wrong: { needed: 'Needed.', account: '2 to 63 letters, digits, dots, hyphens or underscores.', short: 'At least 12 characters.', differs: 'Not the same.', number: 'Not a telephone number.', twice: 'This number is there already.', noDay: 'Choose at least one day.', noTime: 'Give each day a beginning and an end.', weak: 'Easily guessed: leave out the account and common words.', peopleWrong: 'Put the marked rows right, or leave them out.', other: 'This does not fit: {field}' },
    done: 'Your center is set up', doneText: 'You are signed in as {name}.', signInText: 'Sign in as {account} to go on.', toAdmin: 'Go to set-up', toSignIn: 'Sign in',
    invitation: { title: 'Welcome', text: '{company} has invited you, {name}. Choose your password.', textNobody: 'You are invited, {name}. Choose your password.', account: 'You sign in as', submit: 'Choose and sign in', looking: 'Looking at your invitation…', toSignIn: 'To the sign-in' },
  },
  {
    title: '센터 설정 시작', steps: '단계', stepOf: '{total}단계 중 {n}단계', next: '계속', later: '나중에', finish: '설정 완료', back: '이전', optional: '나중에 해도 됨',
    step: { code: '코드', company: '회사', administrator: '시스템 관리자', numbers: '대표번호', group: '그룹', people: '사용자', hours: '운영 시간' },
    head: { code: '설정 코드를 입력하세요', company: '어느 회사의 센터인가요?', administrator: '첫 시스템 관리자', numbers: '고객이 거는 번호는 무엇인가요?', group: '누가 전화를 받나요?', people: '누가 함께 일하나요?', hours: '언제 운영하나요?' },
    text: {
      code: '센터를 시작한 화면에 표시된 코드입니다.', company: '회사 이름은 초대장에 쓰이고, 시간대에 따라 하루와 운영 시간이 정해집니다.', administrator: '본인의 계정입니다. 시스템 관리자는 모든 것을 설정할 수 있습니다.',
      numbers: '바로 쓸 수 있습니다. 고객은 인사말을 들은 뒤 그룹으로 연결됩니다.', group: '전화는 그룹으로 오고, 가장 오래 기다린 상담원에게 연결됩니다. 그룹은 나중에 더 만들 수 있습니다.', people: '각자 초대 링크를 받아 비밀번호를 정합니다.', hours: '그 밖의 시간에는 운영 시간이 아니라고 안내합니다.',
    },
    code: '설정 코드', company: '회사 이름', timeZone: '시간대', account: '계정', accountHint: '로그인할 때 씁니다', name: '이름', password: '비밀번호', passwordHint: '흔한 단어 없이 12자 이상', again: '비밀번호 확인',
    number: '번호 {n}', numberName: '번호 {n} 이름', numberNameHint: '선택', addNumber: '번호 추가', removeNumber: '번호 {n} 삭제', group: '그룹 이름', groupHint: '예: 주문 상담', noGroup: '이름을 입력하면 사용자와 번호가 이 그룹에 연결됩니다.',
    hours: '운영 시간', always: '항상 운영', weekly: '정해진 시간에만', day: { 0: '일요일', 1: '월요일', 2: '화요일', 3: '수요일', 4: '목요일', 5: '금요일', 6: '토요일' }, from: '{day} 시작', to: '{day} 종료', night: '종료가 시작보다 이르면 다음 날까지입니다. 22:00–02:00은 야간 근무입니다.', hoursWithoutGroup: '운영 시간은 그룹마다 정합니다. 아직 그룹이 없습니다.',
    wrong: { needed: '입력하세요.', account: '영문, 숫자, 점, 하이픈, 밑줄 2~63자로 입력하세요.', short: '12자 이상 입력하세요.', differs: '서로 다릅니다.', number: '전화번호가 아닙니다.', twice: '이미 입력한 번호입니다.', noDay: '요일을 하나 이상 고르세요.', noTime: '요일마다 시작과 종료 시간을 입력하세요.', weak: '추측하기 쉽습니다. 계정 이름이나 흔한 단어를 빼세요.', peopleWrong: '표시된 행을 고치거나 빼세요.', other: '맞지 않는 항목: {field}' },
    done: '센터 설정을 마쳤습니다', doneText: '{name} 님으로 로그인했습니다.', signInText: '{account} 계정으로 로그인하세요.', toAdmin: '센터 설정으로', toSignIn: '로그인',
    invitation: { title: '환영합니다', text: '{company}에서 {name} 님을 초대했습니다. 비밀번호를 정하세요.', textNobody: '{name} 님을 초대합니다. 비밀번호를 정하세요.', account: '로그인 계정', submit: '정하고 로그인', looking: '초대를 확인하는 중…', toSignIn: '로그인으로' },
  },
);
