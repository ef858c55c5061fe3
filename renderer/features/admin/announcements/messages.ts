import { defineMessages } from '../../../app/define-messages.ts';

export const messages = defineMessages(
  {
    builtIn: { busy: 'Busy', closed: 'Closed', greeting: 'Greeting', menu: 'Menu', music: 'Music', no_agents: 'Nobody signed in', please_wait: 'Please wait', queue_full: 'Too many waiting', unavailable: 'Cannot be reached', unknown_number: 'No such number', wrong_key: 'Wrong key' },
    comesAlong: 'Comes with the program', replaces: 'Replaces the built-in one', own: 'Your own', new: 'New announcement',
    name: 'Name', id: 'Name in flows', idHint: 'Letters, digits, - and _. It stays as it is.', idTaken: 'Letters, digits, - and _, and not one that is there.', nameNeeded: 'A name is needed.',
    sounds: 'Sound', soundNeeded: 'Bring a sound first: choose a file, drop one here, or record it.', language: 'Language', languageOf: 'Language of the sound', ko: 'Korean', en: 'English', first: 'Callers hear this one', second: 'For callers who choose {language}',
    play: 'Listen', playOf: 'Listen: {language}', stopOf: 'Stop: {language}', takeAway: 'Take the sound in {language} away', putFirst: 'Let callers hear {language} first', cannotPlay: 'The sound cannot be played. It is damaged, or its store is away.', unsavedSound: 'New, not saved yet',
    builtInText: 'Callers hear the one that comes with the program. Bring a sound, and they hear yours in its place.',
    bring: 'Drop a sound here, or choose one', bringOther: 'Another sound for {language}', bringText: 'WAV, MP3, Ogg, FLAC, M4A: up to 20 minutes. It is made as loud as the others, and fit for a telephone.', choose: 'Choose a file', record: 'Record', recordInCall: 'Not during a call', recording: 'Recording…', stopRecording: 'Done',
    reading: 'Reading the file…', sending: 'Sending: {sent} of {total}', handing: 'Handing on…', preparing: 'Making it fit for a telephone…', waiting: 'Waiting for its turn…', progress: 'Progress', again: 'Choose another',
    objection: { empty: 'The file is empty: it has 0 bytes.', silent: 'There is nothing to be heard in it. If you recorded it, check the microphone in Settings.', too_long: 'It is longer than 20 minutes, or too long for its quality. Cut it to what callers should hear.', too_large: 'The file is larger than 64 MB. Save it as MP3, or cut it.', unreadable: 'This is no sound that can be read: damaged, or of an unknown format. Save it as WAV or MP3.', not_recorded: 'Nothing was recorded: there is no microphone, or it may not be used. Settings say which.' },
    notPrepared: 'It could not be prepared. The log of the center says why; try again.', storeAway: 'Not kept: the place where sounds are kept is full, or cannot be reached now. Try again in a moment.',
    uses: 'Heard by', usesNone: 'No flow says it yet: nobody hears it.', byCenter: 'Callers of any number: the center says it by itself.', flows: 'Flows', numbers: 'Numbers', groups: 'On the way to',
    added: '{name} was added. Callers hear it from now on.', saved: '{name} was saved. Callers hear it from now on.', removed: '{name} was removed.', givenBack: 'Callers hear the built-in one again.',
    remove: 'Remove announcement', giveBack: 'Give the built-in one back', removeTitle: 'Remove {name}?', removeText: 'Nobody hears it. Undo brings it back right afterwards; its sound is erased after a day.', giveBackTitle: 'Give the built-in one back?', giveBackText: 'From the next call on, callers hear the one that comes with the program. Calls under way hear yours to its end. Your sound is erased after a day.', inUse: 'Flows say it: {flows}. Lead them elsewhere before you remove it.',
  },
  {
    builtIn: { busy: '통화 중', closed: '운영 시간 종료', greeting: '인사말', menu: '메뉴 안내', music: '대기음', no_agents: '상담원 없음', please_wait: '잠시 대기', queue_full: '대기 고객 초과', unavailable: '연결 불가', unknown_number: '없는 번호', wrong_key: '잘못 누른 번호' },
    comesAlong: '기본 제공 음원', replaces: '기본 음원 대신 사용', own: '직접 등록', new: '새 안내 멘트',
    name: '이름', id: '시나리오에서 쓰는 이름', idHint: '영문, 숫자, -, _만 쓸 수 있고 나중에 바꿀 수 없습니다.', idTaken: '영문, 숫자, -, _로 입력하고, 이미 있는 이름은 쓸 수 없습니다.', nameNeeded: '이름을 입력하세요.',
    sounds: '음원', soundNeeded: '먼저 음원을 등록하세요. 파일을 고르거나 끌어다 놓거나 직접 녹음할 수 있습니다.', language: '언어', languageOf: '음원 언어', ko: '한국어', en: '영어', first: '고객이 먼저 듣는 음원', second: '{language}를 선택한 고객용',
    play: '듣기', playOf: '듣기: {language}', stopOf: '멈춤: {language}', takeAway: '{language} 음원 빼기', putFirst: '{language} 음원을 먼저 들려주기', cannotPlay: '음원을 재생할 수 없습니다. 파일이 손상되었거나 저장소에 연결할 수 없습니다.', unsavedSound: '새 음원, 저장 전',
    builtInText: '지금은 기본 제공 음원이 나갑니다. 음원을 등록하면 대신 나갑니다.',
    bring: '음원 파일을 끌어다 놓거나 선택하세요', bringOther: '{language} 음원 바꾸기', bringText: 'WAV, MP3, Ogg, FLAC, M4A · 최대 20분. 다른 음원과 음량을 맞추고 전화용으로 변환합니다.', choose: '파일 선택', record: '녹음', recordInCall: '통화 중에는 녹음할 수 없습니다', recording: '녹음 중…', stopRecording: '녹음 완료',
    reading: '파일을 읽는 중…', sending: '보내는 중: {sent} / {total}', handing: '센터로 전달하는 중…', preparing: '전화용으로 변환하는 중…', waiting: '변환 순서를 기다리는 중…', progress: '진행률', again: '다른 파일 선택',
    objection: { empty: '빈 파일입니다(0바이트).', silent: '소리가 없는 음원입니다. 직접 녹음했다면 설정에서 마이크를 확인하세요.', too_long: '20분을 넘거나, 음질에 비해 너무 깁니다. 고객에게 들려줄 부분만 남겨 주세요.', too_large: '64MB보다 큰 파일입니다. MP3로 저장하거나 줄여 주세요.', unreadable: '읽을 수 없는 음원입니다. 손상되었거나 지원하지 않는 형식입니다. WAV나 MP3로 저장해 주세요.', not_recorded: '녹음되지 않았습니다. 마이크가 없거나 사용할 수 없습니다. 설정에서 확인하세요.' },
    notPrepared: '변환하지 못했습니다. 원인은 센터 로그에 있습니다. 다시 시도하세요.', storeAway: '저장하지 못했습니다. 음원 저장소가 가득 찼거나 지금 연결할 수 없습니다. 잠시 후 다시 시도하세요.',
    uses: '사용하는 곳', usesNone: '아직 사용하는 시나리오가 없어 아무도 듣지 않습니다.', byCenter: '모든 대표번호의 고객에게 센터가 직접 안내합니다.', flows: '시나리오', numbers: '대표번호', groups: '연결되는 그룹',
    added: '‘{name}’ 음원을 추가했습니다. 지금부터 고객에게 나갑니다.', saved: '‘{name}’ 음원을 저장했습니다. 지금부터 고객에게 나갑니다.', removed: '‘{name}’ 음원을 삭제했습니다.', givenBack: '다시 기본 음원이 나갑니다.',
    remove: '안내 멘트 삭제', giveBack: '기본 음원으로 되돌리기', removeTitle: '‘{name}’ 음원을 삭제할까요?', removeText: '사용하는 곳이 없는 음원입니다. 삭제 직후에는 되돌릴 수 있고, 하루 뒤 완전히 지워집니다.', giveBackTitle: '기본 음원으로 되돌릴까요?', giveBackText: '다음 통화부터 기본 제공 음원이 나갑니다. 지금 듣고 있는 고객에게는 끝까지 나갑니다. 등록한 음원은 하루 뒤 지워집니다.', inUse: '이 음원을 쓰는 시나리오가 있습니다: {flows}. 시나리오를 먼저 바꾼 뒤 삭제하세요.',
  },
);
