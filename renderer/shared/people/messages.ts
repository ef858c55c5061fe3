import { defineMessages } from '../../app/define-messages.ts';

/** Texts of sheets of people and of their invitations, wherever those stand. */
export const messages = defineMessages(
  {
    paste: 'People, one a line', pasteHint: 'Type names, or paste rows of a spreadsheet: name, extension, account, group. What is missing is made up.', placeholder: 'Agent 1\nAgent 2, 1005\nAgent 3, 1006, agent3',
    file: 'Choose a CSV file', fileHint: 'or drop it here', fromFile: '{name}: {n} rows', dropFile: 'Leave the file', preview: 'What will be set up', row: 'Row', made: 'made up', more: 'and {n} more',
    count: '{n} people', wrong: 'Rows with a problem: {n}', onlyWrong: 'Only rows with a problem', downloadWrong: 'Download these rows', tooMany: 'No more than {most} people at once.', nobodyYet: 'Nobody yet.',
    groups: 'Groups', account: 'Account', problem: 'Problem',
    problems: {
      missing: 'The name is missing', formula: 'A formula, not a text', name: 'Not a name', account: '2 to 63 letters, digits, dots, hyphens', extension: '3 to 6 digits, and no emergency or service number',
      accountTaken: 'This account is taken ({other})', extensionTaken: 'This extension is taken ({other})', role: 'No role: {other}', group: 'No group: {other}', ofRow: 'row {n}',
    },
    localOnly: 'This address opens on this computer only. For others, give the center an address and a certificate (docs/operations.md).', links: 'Invitations', linksText: 'By their link each person chooses a password, once, until {date}. The links are shown only now: copy or download them.', copyAll: 'Copy all', copied: 'Copied', downloadLinks: 'Download as CSV', link: 'Link', linksFile: 'invitations.csv', wrongFile: 'rows-with-problems.csv',
    check: { title: 'Still missing', nothing: 'Everything calls need is there. Calls from outside come over a line of a carrier: it has to be connected to the center.', nobody: 'Nobody is in a group: no call can be answered.', nobodyAction: 'People', noGroup: 'There is no group yet.', noGroupAction: 'Add a group', noNumber: 'There is no representative number yet.', noNumberAction: 'Add a number', noMembers: 'Nobody is in {name}.', noMembersAction: 'Choose members', leadsNowhere: '{name} leads to no group.', leadsNowhereAction: 'Choose where it leads' },
  },
  {
    paste: '사람 (한 줄에 한 명)', pasteHint: '이름을 입력하거나 엑셀에서 붙여넣으세요: 이름, 내선, 계정, 그룹. 비어 있으면 자동으로 만듭니다.', placeholder: '상담원 1\n상담원 2, 1005\n상담원 3, 1006, agent3',
    file: 'CSV 파일 선택', fileHint: '또는 여기에 끌어다 놓으세요', fromFile: '{name}: {n}행', dropFile: '파일 빼기', preview: '이렇게 만들어집니다', row: '행', made: '자동', more: '외 {n}명',
    count: '{n}명', wrong: '문제 있는 행 {n}개', onlyWrong: '문제 있는 행만', downloadWrong: '문제 있는 행 내려받기', tooMany: '한 번에 {most}명까지 등록할 수 있습니다.', nobodyYet: '아직 없습니다.',
    groups: '그룹', account: '계정', problem: '문제',
    problems: {
      missing: '이름이 없습니다', formula: '글자가 아니라 수식입니다', name: '이름이 아닙니다', account: '영문, 숫자, 점, 하이픈 2~63자', extension: '숫자 3~6자리, 긴급·특수번호 제외',
      accountTaken: '이미 쓰는 계정입니다 ({other})', extensionTaken: '이미 쓰는 내선입니다 ({other})', role: '없는 권한: {other}', group: '없는 그룹: {other}', ofRow: '{n}행',
    },
    localOnly: '이 컴퓨터에서만 열리는 주소입니다. 다른 컴퓨터에서 쓰려면 센터에 주소와 인증서를 설정하세요(docs/operations.md).', links: '초대 링크', linksText: '각자 링크에서 비밀번호를 정합니다. {date}까지 한 번만 쓸 수 있습니다. 링크는 지금만 표시되니 복사하거나 내려받으세요.', copyAll: '모두 복사', copied: '복사됨', downloadLinks: 'CSV로 내려받기', link: '링크', linksFile: '초대링크.csv', wrongFile: '문제있는행.csv',
    check: { title: '아직 필요한 것', nothing: '전화를 받는 데 필요한 설정이 모두 있습니다. 밖에서 오는 전화는 센터에 통신사 회선이 연결되어 있어야 들어옵니다.', nobody: '그룹에 속한 사람이 없어 전화를 받을 수 없습니다.', nobodyAction: '사용자', noGroup: '그룹이 아직 없습니다.', noGroupAction: '그룹 추가', noNumber: '대표번호가 아직 없습니다.', noNumberAction: '번호 추가', noMembers: '{name} 그룹에 구성원이 없습니다.', noMembersAction: '구성원 선택', leadsNowhere: '{name} 번호가 그룹으로 연결되지 않습니다.', leadsNowhereAction: '연결할 곳 선택' },
  },
);
